import { describe, expect, it, vi } from 'vitest';
import type { BoardId } from '#lib/workflow/ids.ts';
import { createApi } from './api.ts';

function answering(status: number, body: string) {
  const send = vi.fn<typeof fetch>(() => Promise.resolve(new Response(body, { status })));
  return { api: createApi({ origin: 'https://board.example.org', fetch: send }), send };
}

describe('a call of the API', () => {
  it('asks the address it stands for, with its body as JSON', async () => {
    const { api, send } = answering(200, '{"id":"b1"}');
    const body = { name: 'Onboarding', templateId: 'blank', withSamples: false };
    expect(await api.createBoard(body)).toEqual({ ok: true, value: { id: 'b1' } });
    const [url, init] = send.mock.calls[0] ?? [];
    expect(url).toBe('https://board.example.org/api/v1/boards');
    expect(init).toMatchObject({ method: 'POST', body: JSON.stringify(body), credentials: 'same-origin' });
  });

  it('cannot be led to another address by an id', async () => {
    const { api, send } = answering(200, '{}');
    await api.people('../session' as BoardId);
    expect(send.mock.calls[0]?.[0]).toBe('https://board.example.org/api/v1/boards/..%2Fsession/people');
  });

  it('gives the server’s fault with its code and what came beside it', async () => {
    const fault = { error: { code: 'tooManyAttempts', message: 'Later.', id: 'x1', retryAfterMs: 5 } };
    const { api } = answering(429, JSON.stringify(fault));
    expect(await api.session()).toEqual({
      ok: false,
      refusal: {
        kind: 'refused',
        status: 429,
        code: 'tooManyAttempts',
        message: 'Later.',
        id: 'x1',
        data: { retryAfterMs: 5 },
      },
    });
  });

  it('takes a page of a proxy for a fault without a known code', async () => {
    const { api } = answering(502, '<h1>Bad gateway</h1>');
    expect(await api.session()).toMatchObject({ ok: false, refusal: { status: 502, code: 'unknown' } });
  });

  it('never throws: without a network, without an answer in time, or with half an answer, nothing is known', async () => {
    const unreachable = { ok: false, refusal: { kind: 'unreachable' } };
    const offline = createApi({ fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    expect(await offline.session()).toEqual(unreachable);
    const never: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    expect(await createApi({ fetch: never, timeoutMs: 10 }).session()).toEqual(unreachable);
    expect(await answering(200, '{"user":').api.session()).toEqual(unreachable);
  });
});
