// A server that demands tokens, and an authorization server beside it at /as (RFC 6749, 7636, 8414, 8707, 9207, 9728).
// Its page asks nobody: whoever opens it has consented. A token is good for so many requests; refresh tokens rotate.
// Says what comes, one JSON line each: {"mcp": AUTHORIZATION, "method"}, {"token": FORM}, {"authorize": QUERY}.
// usage: PEERS=... node token-server.mjs PORT [USES]
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { load } from "./load.mjs";

const sdk = await load("@modelcontextprotocol/server");
const { toNodeHandler } = await load("@modelcontextprotocol/node");

const uses = Number(process.argv[3] ?? 1000);
const say = said => console.log(JSON.stringify(said));
const codes = new Map();
const refreshes = new Set();
const tokens = new Map();
const random = () => randomBytes(16).toString("hex");

const mcp = toNodeHandler(
  sdk.createMcpHandler(() => {
    const server = new sdk.McpServer({ name: "token-server", version: "1.0.0" }, { capabilities: { tools: {} } });
    const inputSchema = sdk.fromJsonSchema({ type: "object", properties: {}, additionalProperties: false });
    server.registerTool("look", { description: "Looks", inputSchema }, async () => ({
      content: [{ type: "text", text: "seen" }],
    }));
    return server;
  }),
);

const grant = refresh => {
  const token = `access-${random()}`;
  tokens.set(token, uses);
  const said = { access_token: token, token_type: "Bearer", expires_in: 3600 };
  if (refresh) refreshes.add((said.refresh_token = `refresh-${random()}`));
  return said;
};

const GRANTS = {
  client_credentials: (form, authorization) =>
    authorization === `Basic ${Buffer.from("gate:not-a-real-one").toString("base64")}` ? grant(false) : undefined,
  authorization_code: form => {
    const asked = codes.get(form.code);
    codes.delete(form.code);
    const challenge = createHash("sha256").update(form.code_verifier ?? "").digest("base64url");
    const same = asked?.code_challenge === challenge && asked.redirect_uri === form.redirect_uri;
    return same && asked.resource === form.resource ? grant(true) : undefined;
  },
  refresh_token: form => (refreshes.delete(form.refresh_token) ? grant(true) : undefined),
};

const body = async request => {
  let text = "";
  for await (const piece of request) text += piece;
  return Object.fromEntries(new URLSearchParams(text));
};

const http = createServer(async (request, response) => {
  const origin = `http://127.0.0.1:${http.address().port}`;
  const json = (status, said, headers = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(said));
  const { pathname, searchParams } = new URL(request.url, origin);
  const { authorization } = request.headers;
  switch (pathname) {
    case "/.well-known/oauth-protected-resource/mcp":
      return json(200, { resource: `${origin}/mcp`, authorization_servers: [`${origin}/as`] });
    case "/.well-known/oauth-authorization-server/as":
      return json(200, {
        issuer: `${origin}/as`,
        authorization_endpoint: `${origin}/as/authorize`,
        token_endpoint: `${origin}/as/token`,
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
      });
    case "/as/authorize": {
      const query = Object.fromEntries(searchParams);
      say({ authorize: query });
      const code = random();
      codes.set(code, query);
      const back = new URL(query.redirect_uri);
      for (const [name, value] of Object.entries({ code, state: query.state, iss: `${origin}/as` }))
        back.searchParams.set(name, value);
      return response.writeHead(302, { location: back.toString() }).end();
    }
    case "/as/token": {
      const form = await body(request);
      say({ token: form });
      const given = GRANTS[form.grant_type]?.(form, authorization);
      return given ? json(200, given) : json(400, { error: "invalid_grant" });
    }
    case "/mcp": {
      say({ mcp: authorization ?? "", method: request.headers["mcp-method"] ?? "" });
      const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
      const left = tokens.get(token) ?? 0;
      if (left <= 0) return json(401, {}, { "www-authenticate": 'Bearer error="invalid_token"' });
      tokens.set(token, left - 1);
      return mcp(request, response);
    }
    default:
      return json(404, {});
  }
});
http.listen(Number(process.argv[2]), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${http.address().port}/mcp`));
