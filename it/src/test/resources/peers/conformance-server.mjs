// The fixture of the conformance suite: one server for both eras of the protocol, on 127.0.0.1:PORT or on stdio.
// usage: PEERS=.../node_modules node conformance-server.mjs PORT|--stdio [--legacy-only|--modern-only]
//    or: node conformance-server.mjs --names, which prints the names of its tools
// --legacy-only speaks up to 2025-11-25 and is built on the older SDK. Prints one line when it listens.
import { createServer } from "node:http";
import { TOOLS } from "./conformance-features.mjs";
import { load } from "./load.mjs";
import { legacy as older } from "./conformance-legacy.mjs";
import { legacy as newer, modern, stdio } from "./conformance-modern.mjs";

const [where, only] = process.argv.slice(2);
if (only !== undefined && only !== "--legacy-only" && only !== "--modern-only") throw new Error(`unknown: ${only}`);

if (where === "--names") {
  for (const { name } of TOOLS) console.log(name);
} else if (where === "--stdio") {
  await (only === "--legacy-only" ? (await older()).stdio() : stdio({ modernOnly: only === "--modern-only" }));
} else {
  await listen(Number(where));
}

async function listen(port) {
  const { localhostHostValidation, localhostOriginValidation } = await load("@modelcontextprotocol/node");
  const hostIsHere = localhostHostValidation();
  const originIsHere = localhostOriginValidation();
  const legacyFace =
    only === "--modern-only" ? undefined : only === "--legacy-only" ? (await older()).http : await newer();
  const modernFace = only === "--legacy-only" ? undefined : await modern();
  const server = createServer(async (request, response) => {
    if (!hostIsHere(request, response) || !originIsHere(request, response)) return;
    if (new URL(request.url, "http://127.0.0.1").pathname !== "/mcp") return void response.writeHead(404).end();
    try {
      const body = await json(request);
      if (legacyFace && (!modernFace || (await modernFace.isLegacy(request, body))))
        await legacyFace(request, response, body);
      else await modernFace.handle(request, response, body);
    } catch (failed) {
      console.error(failed);
      if (!response.headersSent) response.writeHead(400, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32700, message: "not read" } }));
    }
  });
  server.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}/mcp`));
}

async function json(request) {
  if (request.method !== "POST") return undefined;
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString("utf8"));
}
