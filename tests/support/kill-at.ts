import { Worker } from 'node:worker_threads';

// Imported into a process of ours before everything else (`node --import`): the process ends by SIGKILL at a statement
// to its embedded database, where a Postgres would have a line that a test can watch.

/** `asked` or `answered`, a colon, and what the statement contains. */
const [when, pattern] = (process.env['BATON_KILL_AT'] ?? '').split(/:(.*)/s);
if ((when !== 'asked' && when !== 'answered') || !pattern) throw new Error('BATON_KILL_AT is not set.');

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the worker as `this` below
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (this: Worker, question: { id?: number; sql?: string }): void {
  const isMeant = question.sql?.includes(pattern) === true;
  if (isMeant && when === 'answered') {
    this.on('message', ({ id }: { id?: number }) => {
      if (id === question.id) end();
    });
  }
  postMessage.call(this, question);
  if (isMeant && when === 'asked') end();
};

function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
