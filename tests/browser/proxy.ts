// A reverse proxy that serves another address below a path, as notebook servers do.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Proxy {
  address: string;
  close(): void;
}

export async function proxyTo(home: string, path: string): Promise<Proxy> {
  const server = createServer((asked, answer) => {
    if (!asked.url?.startsWith(path)) return void answer.writeHead(404).end();
    const target = new URL(asked.url.slice(path.length), home);
    const passed = request(target, { method: asked.method, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${path}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
