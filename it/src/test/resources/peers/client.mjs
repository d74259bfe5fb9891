// The TypeScript SDK as a client, with its default timeouts. Reads calls from its arguments, prints one JSON line each.
// usage: node client.mjs http URL TOKEN CALLS | node client.mjs stdio COMMAND_JSON CALLS
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(process.env.PEERS + "/x.js");
const load = name => import(pathToFileURL(require.resolve(name)).href);
const { Client } = await load("@modelcontextprotocol/sdk/client/index.js");
const [kind, where, ...rest] = process.argv.slice(2);
const client = new Client({ name: "peer", version: "1" });
let calls;
if (kind === "http") {
  const { StreamableHTTPClientTransport } = await load("@modelcontextprotocol/sdk/client/streamableHttp.js");
  const headers = rest[0] === "-" ? {} : { Authorization: "Bearer " + rest[0] };
  await client.connect(new StreamableHTTPClientTransport(new URL(where), { requestInit: { headers } }));
  calls = JSON.parse(rest[1]);
} else {
  const { StdioClientTransport } = await load("@modelcontextprotocol/sdk/client/stdio.js");
  const [command, ...args] = JSON.parse(where);
  await client.connect(new StdioClientTransport({ command, args, env: process.env }));
  calls = JSON.parse(rest[0]);
}
for (const call of calls) {
  try {
    if (call === "list") console.log(JSON.stringify((await client.listTools()).tools.map(t => t.name)));
    else console.log(JSON.stringify(await client.callTool({ name: call[0], arguments: call[1] })));
  } catch (failed) {
    console.log(JSON.stringify({ failed: failed.code ?? -1, message: failed.message }));
  }
}
await client.close();
