// A retrieval server over the documents of two departments, over Streamable HTTP on 127.0.0.1:PORT, for both eras.
// The credential alone says whose documents are searched: a token of a department in `Authorization`. Nothing that is
// in a message (arguments, `_meta`) widens it.
// usage: PEERS=... RETRIEVAL_TOKENS='{"TOKEN":"hr","TOKEN":"engineering"}' node retrieval-server.mjs PORT [--public]
// --public is a mutant: it says of every department's documents that everybody may be shown them from a cache.
// Says one JSON line for each request that reached it: {"department", "method", "of"}.
import { createServer } from "node:http";
import { load } from "./load.mjs";

const sdk = await load("@modelcontextprotocol/server");
const { toNodeHandler } = await load("@modelcontextprotocol/node");

const DOCUMENTS = [
  {
    id: "handbook",
    department: "everyone",
    title: "Handbook",
    text: "Holidays are asked for two weeks ahead. Reviews of all staff take place in spring and in autumn.",
  },
  {
    id: "canteen",
    department: "everyone",
    title: "Canteen",
    text: "The canteen opens at eleven. Guests of the house eat free of charge.",
  },
  {
    id: "pay-bands",
    department: "hr",
    title: "Pay bands",
    text: "The plan for the next year: pay bands rise by three percent, a review of band four is in progress.",
  },
  {
    id: "grievances",
    department: "hr",
    title: "Grievances",
    text: "Two grievances are open. A review board meets on Monday.",
  },
  {
    id: "hiring",
    department: "hr",
    title: "Hiring plan",
    text: "The plan for the next year foresees twelve new posts, of which seven are for engineers.",
  },
  {
    id: "roadmap",
    department: "engineering",
    title: "Roadmap",
    text: "The plan for the next year: the new scheduler in spring, the storage rewrite in autumn after a review.",
  },
  {
    id: "incident",
    department: "engineering",
    title: "Incident 41",
    text: "A full disk stopped the scheduler for two hours. The review named a missing alarm.",
  },
  {
    id: "keys",
    department: "engineering",
    title: "Rotation of keys",
    text: "Keys of the build are changed each month by the engineer on call.",
  },
];

const words = text => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
const CORPUS = DOCUMENTS.map(document => ({ document, words: words(`${document.title} ${document.text}`) }));
const MEAN = CORPUS.reduce((sum, it) => sum + it.words.length, 0) / CORPUS.length;

/** BM25 with its usual constants (k1 1.2, b 0.75), over what a department may see. */
const search = (department, query, limit) => {
  const seen = CORPUS.filter(it => mayRead(department, it.document));
  const score = it =>
    [...new Set(words(query))].reduce((sum, word) => {
      const holding = seen.filter(one => one.words.includes(word)).length;
      const count = it.words.filter(one => one === word).length;
      const rarity = Math.log(1 + (seen.length - holding + 0.5) / (holding + 0.5));
      return sum + (rarity * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * it.words.length) / MEAN));
    }, 0);
  return seen
    .map(it => ({ ...it.document, score: score(it) }))
    .filter(it => it.score > 0)
    .sort((one, another) => another.score - one.score || one.id.localeCompare(another.id))
    .slice(0, limit);
};
const mayRead = (department, document) => document.department === department || document.department === "everyone";

const departments = JSON.parse(process.env.RETRIEVAL_TOKENS);
const cacheScope = process.argv[3] === "--public" ? "public" : "private";
const hint = { ttlMs: 3_600_000, cacheScope };
const say = (department, method, of) => console.log(JSON.stringify({ department, method, of }));
const uriOf = document => `kb://${document.id}`;

const build = ({ authInfo }) => {
  const { department } = authInfo.extra;
  const methods = ["tools/list", "resources/list", "resources/read", "resources/templates/list", "server/discover"];
  const mcp = new sdk.McpServer(
    { name: "retrieval", version: "1.0.0" },
    { capabilities: { tools: {}, resources: {} }, cacheHints: Object.fromEntries(methods.map(it => [it, hint])) },
  );
  const inputSchema = sdk.fromJsonSchema({
    type: "object",
    properties: { query: { type: "string", maxLength: 200 }, limit: { type: "integer", minimum: 1, maximum: 5 } },
    required: ["query"],
    additionalProperties: false,
  });
  mcp.registerTool(
    "search",
    {
      description: "Finds documents of the company by their words",
      inputSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ query, limit = 3 }) => {
      say(department, "search", query);
      const found = search(department, query, limit);
      const lines = found.map(it => `[${it.department}] ${it.title} (${uriOf(it)}): ${it.text}`);
      return { content: [{ type: "text", text: lines.join("\n") || "nothing found" }] };
    },
  );
  mcp.server.setRequestHandler("resources/list", async () => {
    say(department, "resources/list", "");
    const mine = DOCUMENTS.filter(it => mayRead(department, it));
    return { resources: mine.map(it => ({ uri: uriOf(it), name: it.title, mimeType: "text/plain" })) };
  });
  mcp.server.setRequestHandler("resources/read", async request => {
    const { uri } = request.params;
    say(department, "resources/read", uri);
    const document = DOCUMENTS.find(it => uriOf(it) === uri && mayRead(department, it));
    // What is another's does not exist.
    if (!document) throw new sdk.ResourceNotFoundError(uri);
    return { contents: [{ uri, mimeType: "text/plain", text: document.text }] };
  });
  return mcp;
};

const serve = toNodeHandler(sdk.createMcpHandler(build));
const http = createServer((request, response) => {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const department = token !== undefined && Object.hasOwn(departments, token) ? departments[token] : undefined;
  if (department === undefined) return void response.writeHead(401, { "WWW-Authenticate": "Bearer" }).end();
  request.auth = { token, clientId: department, scopes: [], extra: { department } };
  return serve(request, response);
});
http.listen(Number(process.argv[2]), "127.0.0.1", () =>
  console.log(`listening on http://127.0.0.1:${http.address().port}/mcp`),
);
