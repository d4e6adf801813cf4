import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { FaultProxy } from '../../support/fault-proxy.ts';
import { expect, type Workspace } from './workspace.ts';

export const HD = { width: 1920, height: 1080 };

interface Screen {
  readonly context: BrowserContext;
  readonly page: Page;
}

interface ScreenOptions {
  readonly viewport?: typeof HD;
  /** What lies between this screen and the server. */
  readonly line?: FaultProxy;
}

/** A screen that has just been switched on: it shows a code. */
export async function wallScreen(
  browser: Browser,
  workspace: Workspace,
  { viewport = HD, line }: ScreenOptions = {},
): Promise<Screen> {
  const context = await browser.newContext({
    viewport,
    ...(line && { proxy: { server: line.socksUrl } }),
  });
  const page = await context.newPage();
  await page.goto(`${workspace.server.origin}/wall`);
  return { context, page };
}

export async function codeOn(page: Page): Promise<string> {
  const code = page.getByLabel(/^Code /);
  await expect(code).toBeVisible();
  return ((await code.textContent()) ?? '').trim();
}

/** Makes a screen that shows a code a display with these views, in ada's name; resolves with the display's id. */
export async function pair(
  { page }: Screen,
  workspace: Workspace,
  { views = ['owners'], theme = 'system' }: { views?: readonly string[]; theme?: string } = {},
): Promise<string> {
  const body = { code: await codeOn(page), name: 'Hallway', views, theme };
  const path = `/api/v1/boards/${workspace.boardId}/displays`;
  const claimed = await workspace.admin.post<{ id: string }>(path, body);
  expect(claimed.status).toBe(201);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('list').or(page.getByText(/^Nothing/))).toBeVisible();
  return claimed.body.id;
}

/** A screen that is a display with these views. */
export async function paired(
  browser: Browser,
  workspace: Workspace,
  options: ScreenOptions & { readonly views?: readonly string[]; readonly theme?: string } = {},
): Promise<Screen & { readonly id: string }> {
  const screen = await wallScreen(browser, workspace, options);
  return { ...screen, id: await pair(screen, workspace, options) };
}
