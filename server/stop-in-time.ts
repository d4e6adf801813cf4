/** What a supervisor grants between "stop" and "kill", as a rule. */
const STOP_MS_MAX = 9_500;

/** Whether the work came to its end within the time there is. Rejects if it fails. */
export async function stopInTime(work: () => Promise<void>, limitMs: number = STOP_MS_MAX): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), limitMs)));
  try {
    return await Promise.race([work().then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
