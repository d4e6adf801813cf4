// `@hocuspocus/server` with its defaults: documents in memory, no extension. Arguments: its module, the port.
import { pathToFileURL } from 'node:url';

interface Hocuspocus {
  readonly Server: new (configuration: object) => { listen(port: number): Promise<unknown> };
}

const [module = '', port = ''] = process.argv.slice(2);
// Not an import by name: whoever works on Baton does not have the peers installed, and no tool shall miss them.
const { Server } = (await import(pathToFileURL(module).href)) as Hocuspocus;
await new Server({ address: '127.0.0.1', quiet: true }).listen(Number(port));
process.stdout.write('ready\n');
