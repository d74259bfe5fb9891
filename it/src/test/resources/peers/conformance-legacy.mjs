// The fixture on the older SDK, which speaks up to 2025-11-25.
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

/** The older SDK is loaded only where it is asked for. */
export const legacy = async () => {
  const { Server } = await load("@modelcontextprotocol/sdk/server/index.js");
  const { StreamableHTTPServerTransport } = await load("@modelcontextprotocol/sdk/server/streamableHttp.js");
  const { StdioServerTransport } = await load("@modelcontextprotocol/sdk/server/stdio.js");
  const types = await load("@modelcontextprotocol/sdk/types.js");
  const ANSWERS = {
    "elicitation/create": { needs: "elicitation", schema: types.ElicitResultSchema },
    "sampling/createMessage": { needs: "sampling", schema: types.CreateMessageResultSchema },
    "roots/list": { needs: "roots", schema: types.ListRootsResultSchema },
  };

  const build = () => {
    const server = new Server(INFO, { capabilities: CAPABILITIES });
    const subscribed = new Set();
    const changed = async what => {
      if (what === "tools") await server.sendToolListChanged();
      else if (what === "prompts") await server.sendPromptListChanged();
      else if (subscribed.has(what)) await server.sendResourceUpdated({ uri: what });
    };
    const roundOf = (extra, answers, state) => ({
      answers,
      state,
      capabilities: server.getClientCapabilities(),
      log: async said =>
        extra.sendNotification({ method: "notifications/message", params: { level: "info", data: said } }),
      progress: async (done, total) => {
        const progressToken = extra._meta?.progressToken;
        if (progressToken === undefined) return;
        await extra.sendNotification({
          method: "notifications/progress",
          params: { progressToken, progress: done, total },
        });
      },
      closeStream: () => extra.closeSSEStream?.(),
      changed,
    });
    /** Asks the client in the middle of the call, until the handler has all that it needs. */
    const served = async (handler, args, extra) => {
      let said = await handler(args, roundOf(extra));
      while (said.ask !== undefined) {
        const answers = {};
        for (const [key, request] of Object.entries(said.ask)) {
          const { needs, schema } = ANSWERS[request.method];
          if (!server.getClientCapabilities()?.[needs])
            throw new types.McpError(-32600, `the client does not offer ${needs}`);
          answers[key] = await extra.sendRequest(request, schema);
        }
        said = await handler(args, roundOf(extra, answers, said.state));
      }
      return said;
    };

    server.setRequestHandler(types.ListToolsRequestSchema, async () => ({ tools: TOOLS.map(listed) }));
    server.setRequestHandler(types.CallToolRequestSchema, async (request, extra) => {
      const tool = TOOLS.find(it => it.name === request.params.name);
      if (!tool) throw new types.McpError(-32602, `no tool ${request.params.name}`);
      return served(tool.call, request.params.arguments ?? {}, extra);
    });
    server.setRequestHandler(types.ListPromptsRequestSchema, async () => ({
      prompts: PROMPTS.map(({ get, ...prompt }) => prompt),
    }));
    server.setRequestHandler(types.GetPromptRequestSchema, async (request, extra) => {
      const prompt = PROMPTS.find(it => it.name === request.params.name);
      if (!prompt) throw new types.McpError(-32602, `no prompt ${request.params.name}`);
      return served(prompt.get, request.params.arguments ?? {}, extra);
    });
    server.setRequestHandler(types.ListResourcesRequestSchema, async () => ({ resources: RESOURCES }));
    server.setRequestHandler(types.ListResourceTemplatesRequestSchema, async () => ({ resourceTemplates: TEMPLATES }));
    server.setRequestHandler(types.ReadResourceRequestSchema, async request => {
      const contents = read(request.params.uri);
      if (!contents) throw new types.McpError(-32002, "Resource not found", { uri: request.params.uri });
      return { contents };
    });
    server.setRequestHandler(types.SubscribeRequestSchema, async request => (subscribed.add(request.params.uri), {}));
    server.setRequestHandler(
      types.UnsubscribeRequestSchema,
      async request => (subscribed.delete(request.params.uri), {}),
    );
    server.setRequestHandler(types.SetLevelRequestSchema, async () => ({}));
    server.setRequestHandler(types.CompleteRequestSchema, async request =>
      complete(request.params.argument.name, request.params.argument.value),
    );
    return server;
  };
  return {
    http: sessions(StreamableHTTPServerTransport, transport => build().connect(transport)),
    stdio: () => build().connect(new StdioServerTransport()),
  };
};
