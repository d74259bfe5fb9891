// A server of the newer era only (2026-07-28), over Streamable HTTP on 127.0.0.1:PORT.
// usage: PEERS=.../node_modules node modern-server.mjs PORT
// Says what happens to it, one JSON line each: {"listening"}, {"called"}, {"read"}, {"cancelled"}.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { load } from "./load.mjs";

const { McpServer, createMcpHandler, createRequestStateCodec, fromJsonSchema, inputRequired, acceptedContent } =
  await load("@modelcontextprotocol/server");
const { toNodeHandler } = await load("@modelcontextprotocol/node");

const say = event => console.log(JSON.stringify(event));
const text = said => ({ content: [{ type: "text", text: said }] });
const object = (properties = {}) => ({ type: "object", properties, required: Object.keys(properties) });
const states = createRequestStateCodec({ key: randomBytes(32) });
const reads = { readOnlyHint: true, openWorldHint: false };
const CAPABILITIES = { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } };
let extra = false;

const build = () => {
  const cacheHints = { "tools/list": { ttlMs: 60_000, cacheScope: "public" } };
  const server = new McpServer(
    { name: "modern", version: "1.0.0" },
    { capabilities: CAPABILITIES, cacheHints, requestState: { verify: states.verify } },
  );
  const tool = (name, description, schema, act) =>
    server.registerTool(
      name,
      { description, inputSchema: fromJsonSchema(schema), annotations: reads },
      async (args, context) => {
        say({ called: name, arguments: args });
        return act(args, context);
      },
    );

  tool("echo", "Says what it was told", object({ text: { type: "string" } }), async ({ text: said }) => text(said));
  tool("ask", "Asks the user for a word before it answers", object(), async (_, context) => {
    const word = acceptedContent(context.mcpReq.inputResponses, "word")?.word;
    if (word !== undefined && context.mcpReq.requestState()?.asked) return text(`the word is ${word}`);
    return inputRequired({
      inputRequests: {
        word: inputRequired.elicit({ message: "Which word?", requestedSchema: object({ word: { type: "string" } }) }),
      },
      requestState: await states.mint({ asked: true }, context),
    });
  });
  tool(
    "region",
    "Takes an argument that is repeated in a header",
    object({ region: { type: "string", "x-mcp-header": "Region" } }),
    async ({ region }, context) =>
      text(JSON.stringify({ region, header: context.http?.req?.headers.get("mcp-param-region") })),
  );
  tool("headers", "Tells the names and values of the headers that came with it", object(), async (_, context) =>
    text(JSON.stringify(Object.fromEntries(context.http?.req?.headers ?? []))),
  );
  tool("change", "Adds a tool to the list, or takes it away again", object(), async () => {
    extra = !extra;
    handler.notify.toolsChanged();
    return text(extra ? "added" : "taken away");
  });
  tool("touch", "Says that the public resource changed", object(), async () => {
    handler.notify.resourceUpdated("doc://public");
    return text("touched");
  });
  tool(
    "wait",
    "Answers when it is cancelled, so never",
    object(),
    async (_, context) =>
      new Promise(done => {
        context.mcpReq.signal.addEventListener("abort", () => {
          say({ cancelled: "wait" });
          done(text("cancelled"));
        });
      }),
  );
  if (extra) tool("extra", "Is there after a change", object(), async () => text("extra"));

  for (const scope of ["public", "private"]) {
    const uri = `doc://${scope}`;
    server.registerResource(
      scope,
      uri,
      {
        description: `May be cached ${scope === "public" ? "for everybody" : "for one caller"}`,
        mimeType: "text/plain",
        cacheHint: { ttlMs: 60_000, cacheScope: scope },
      },
      async () => {
        say({ read: uri });
        return { contents: [{ uri, mimeType: "text/plain", text: `the ${scope} document` }] };
      },
    );
  }
  return server;
};

const handler = createMcpHandler(build, { legacy: "reject" });
const serve = toNodeHandler(handler);
const server = createServer((request, response) => serve(request, response));
server.listen(Number(process.argv[2]), "127.0.0.1", () =>
  console.log(`listening on http://127.0.0.1:${server.address().port}/mcp`),
);
