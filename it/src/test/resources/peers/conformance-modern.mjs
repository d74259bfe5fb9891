// The fixture on the newer SDK: stateless for the newer era, with sessions for the older.
import { randomBytes } from "node:crypto";
import {
  CAPABILITIES,
  INFO,
  PROMPTS,
  RESOURCES,
  TEMPLATES,
  TOOLS,
  complete,
  listed,
  read,
} from "./conformance-features.mjs";
import { load } from "./load.mjs";
import { sessions } from "./sessions.mjs";

const sdk = await load("@modelcontextprotocol/server");
const node = await load("@modelcontextprotocol/node");
const states = sdk.createRequestStateCodec({ key: randomBytes(32) });
const hour = { ttlMs: 3_600_000, cacheScope: "public" };
const LISTS = [
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "server/discover",
];

/** What a handler of the features may do, in the words of this SDK. */
const roundOf = (server, context, changed) => ({
  answers: context.mcpReq.inputResponses,
  state: context.mcpReq.requestState(),
  capabilities:
    context.mcpReq.envelope?.["io.modelcontextprotocol/clientCapabilities"] ?? server.getClientCapabilities(),
  log: said => context.mcpReq.log("info", said),
  progress: async (done, total) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    if (progressToken === undefined) return;
    await context.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: done, total } });
  },
  closeStream: () => context.http?.closeSSE?.(),
  changed,
});

const answer = async (said, context) => {
  if (said.ask === undefined) return said;
  const requestState = said.state === undefined ? undefined : await states.mint(said.state, context);
  return sdk.inputRequired({ inputRequests: said.ask, ...(requestState && { requestState }) });
};

/** One server; `changed(what)` spreads that a list or a resource changed. */
const build = changed => {
  const cacheHints = Object.fromEntries(LISTS.map(method => [method, hour]));
  const mcp = new sdk.McpServer(INFO, {
    capabilities: CAPABILITIES,
    cacheHints,
    requestState: { verify: states.verify },
  });
  const server = mcp.server;
  for (const tool of TOOLS) {
    const { name, description, inputSchema, annotations } = listed(tool);
    mcp.registerTool(
      name,
      { description, annotations, inputSchema: sdk.fromJsonSchema(inputSchema) },
      async (args, context) => answer(await tool.call(args, roundOf(server, context, changed)), context),
    );
  }
  server.setRequestHandler("prompts/list", async () => ({ prompts: PROMPTS.map(({ get, ...prompt }) => prompt) }));
  server.setRequestHandler("prompts/get", async (request, context) => {
    const prompt = PROMPTS.find(it => it.name === request.params.name);
    if (!prompt) throw new sdk.ProtocolError(-32602, `no prompt ${request.params.name}`);
    return answer(await prompt.get(request.params.arguments ?? {}, roundOf(server, context, changed)), context);
  });
  server.setRequestHandler("resources/list", async () => ({ resources: RESOURCES }));
  server.setRequestHandler("resources/templates/list", async () => ({ resourceTemplates: TEMPLATES }));
  server.setRequestHandler("resources/read", async request => {
    const contents = read(request.params.uri);
    if (!contents) throw new sdk.ResourceNotFoundError(request.params.uri);
    return { contents };
  });
  server.setRequestHandler("completion/complete", async request =>
    complete(request.params.argument.name, request.params.argument.value),
  );
  return mcp;
};

/** The newer era, one request at a time. */
export const modern = async () => {
  const handler = sdk.createMcpHandler(() => build(changed), { legacy: "reject" });
  const changed = async what => {
    if (what === "tools") handler.notify.toolsChanged();
    else if (what === "prompts") handler.notify.promptsChanged();
    else handler.notify.resourceUpdated(what);
  };
  const handle = node.toNodeHandler(handler);
  return {
    handle,
    isLegacy: async (request, body) => sdk.isLegacyRequest(await node.toWebRequest(request, body), body),
  };
};

/** A server of one connection of the older era, which it tells itself what changed. */
const single = () => {
  const subscribed = new Set();
  const mcp = build(async what => {
    if (what === "tools") await mcp.server.sendToolListChanged();
    else if (what === "prompts") await mcp.server.sendPromptListChanged();
    else if (subscribed.has(what)) await mcp.server.sendResourceUpdated({ uri: what });
  });
  mcp.server.setRequestHandler("resources/subscribe", async request => (subscribed.add(request.params.uri), {}));
  mcp.server.setRequestHandler("resources/unsubscribe", async request => (subscribed.delete(request.params.uri), {}));
  return mcp;
};

/** The older era, by sessions. */
export const legacy = async () =>
  sessions(node.NodeStreamableHTTPServerTransport, transport => single().connect(transport));

export const stdio = async ({ modernOnly }) => {
  const { serveStdio } = await load("@modelcontextprotocol/server/stdio");
  serveStdio(single, { legacy: modernOnly ? "reject" : "serve" });
};
