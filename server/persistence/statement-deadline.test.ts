import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withDeadline, withoutDeadline } from './statement-deadline.ts';

describe('The wait for an answer of the database', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends when none comes, and whoever asked can drop the connection', async () => {
    const onExpired = vi.fn();
    const waiting = expect(withDeadline(new Promise(() => undefined), onExpired)).rejects.toThrow(
      /not answered/,
    );
    await vi.advanceTimersByTimeAsync(9_999);
    expect(onExpired).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect(onExpired).toHaveBeenCalledOnce();
  });

  it('leaves no timer behind when one comes', async () => {
    expect(await withDeadline(Promise.resolve('yes'), () => undefined)).toBe('yes');
    await expect(withDeadline(Promise.reject(new Error('no')), () => undefined)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has no end for a migration', async () => {
    const answer = Promise.withResolvers<string>();
    const waiting = withoutDeadline(() => withDeadline(answer.promise, () => undefined));
    expect(vi.getTimerCount()).toBe(0);
    answer.resolve('done');
    expect(await waiting).toBe('done');
  });
});
