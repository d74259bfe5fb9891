// A server of 2024-11-05 over HTTP+SSE on 127.0.0.1:PORT: GET /sse opens the stream, POST /messages speaks.
// usage: PEERS=.../node_modules node legacy-sse-server.mjs PORT
import { createServer } from "node:http";
import { load } from "./load.mjs";

const { Server } = await load("@modelcontextprotocol/sdk/server/index.js");
const { SSEServerTransport } = await load("@modelcontextprotocol/sdk/server/sse.js");
const types = await load("@modelcontextprotocol/sdk/types.js");

const INFO = { name: "legacy-sse", version: "1.0.0" };
const CAPABILITIES = { tools: {}, resources: {} };
const TOOLS = [
  {
    name: "echo",
    description: "Says what it was told",
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  },
  {
    name: "headers",
    description: "Tells the headers that came with it",
    inputSchema: { type: "object", properties: {} },
  },
];
const NOTE = { uri: "doc://note", name: "Note", mimeType: "text/plain" };

const build = () => {
  const server = new Server(INFO, { capabilities: CAPABILITIES });
  // Whatever is asked for, this server speaks the first revision.
  server.setRequestHandler(types.InitializeRequestSchema, async () => ({
    protocolVersion: "2024-11-05",
    capabilities: CAPABILITIES,
    serverInfo: INFO,
  }));
  server.setRequestHandler(types.ListToolsRequestSchema, async () => ({ tools: TOOLS }));
  server.setRequestHandler(types.CallToolRequestSchema, async (request, extra) => {
    const { name, arguments: args } = request.params;
    if (name === "echo") return { content: [{ type: "text", text: String(args?.text) }] };
    if (name === "headers")
      return { content: [{ type: "text", text: JSON.stringify(extra.requestInfo?.headers ?? {}) }] };
    throw new types.McpError(-32602, `no tool ${name}`);
  });
  server.setRequestHandler(types.ListResourcesRequestSchema, async () => ({ resources: [NOTE] }));
  server.setRequestHandler(types.ReadResourceRequestSchema, async () => ({
    contents: [{ uri: NOTE.uri, mimeType: "text/plain", text: "a note" }],
  }));
  return server;
};

const open = new Map();
const http = createServer(async (request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  if (request.method === "GET" && url.pathname === "/sse") {
    const transport = new SSEServerTransport("/messages", response);
    open.set(transport.sessionId, transport);
    response.on("close", () => open.delete(transport.sessionId));
    return build().connect(transport);
  }
  const transport = open.get(url.searchParams.get("sessionId"));
  if (request.method === "POST" && url.pathname === "/messages" && transport)
    return transport.handlePostMessage(request, response);
  // A client that tries Streamable HTTP first learns here that there is none.
  response.writeHead(url.pathname === "/sse" ? 405 : 404).end();
});
http.listen(Number(process.argv[2]), "127.0.0.1", () =>
  console.log(`listening on http://127.0.0.1:${http.address().port}/sse`),
);
