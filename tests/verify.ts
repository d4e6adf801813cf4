// `npm run verify`: every check a change has to pass, in the order in which they are cheapest to fail.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const steps = ['format:check', 'lint', 'check', 'borders', 'dead', 'build', 'test'];

const outcomes = steps.map((script) => {
  console.log(`\n── ${script} ${'─'.repeat(70 - script.length)}`);
  const startedMs = performance.now();
  // Through npm, so that a step is exactly what a person would run by hand.
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return { script, ok: status === 0, seconds: (performance.now() - startedMs) / 1000 };
});

console.log('');
for (const { script, ok, seconds } of outcomes) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${script.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`);
}
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
