// `npm run dev`: Vite serves the browser part with hot reload and passes the API and the sockets on to a Baton
// server, which restarts when its sources change.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import npm from './end-with-npm.cjs';
import node from './require-node.cjs';

node.requireNode();
npm.endWithNpm();

const root = fileURLToPath(new URL('../..', import.meta.url));
const vitePort = Number(process.env.PORT ?? 5173);
const serverPort = vitePort + 1;

const children = [
  run(['node_modules/vite/bin/vite.js', 'dev', '--port', String(vitePort), '--strictPort'], {
    BATON_DEV_SERVER: `http://127.0.0.1:${serverPort}`,
  }),
  run(['--watch', 'server/main.ts'], {
    HOST: '127.0.0.1',
    PORT: String(serverPort),
    // What the browser's address bar shows is Vite's address, so that is the origin to accept.
    ORIGIN: process.env.ORIGIN ?? `http://localhost:${vitePort}`,
  }),
];

for (const child of children) child.once('exit', stopAll);
process.on('SIGINT', stopAll);
process.on('SIGTERM', stopAll);

function run(args, env) {
  return spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
}

// One without the other is of no use: when either ends, or on Ctrl-C, both do. This process ends by itself
// after its last child.
function stopAll(code) {
  if (typeof code === 'number' && code !== 0) process.exitCode = code;
  for (const child of children) child.kill('SIGTERM');
}
