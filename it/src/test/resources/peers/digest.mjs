// As digest.py, by another parser in another language. usage: node digest.mjs SERVER < lines
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
const kinds = { initialize: "lifecycle", "server/discover": "lifecycle", "notifications/initialized": "lifecycle", "notifications/cancelled": "lifecycle",
  "tools/list": "tool_list", "tools/call": "tool_call" };
const own = ["progressToken", "traceparent", "tracestate", "baggage",
  ...["protocolVersion", "clientInfo", "clientCapabilities", "logLevel"].map(it => "io.modelcontextprotocol/" + it)];
const canonical = value => Array.isArray(value) ? "[" + value.map(canonical).join(",") + "]"
  : value !== null && typeof value === "object"
    ? "{" + Object.keys(value).sort().map(key => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}"
    : JSON.stringify(value);
for (const line of readFileSync(0, "utf8").split("\n").filter(line => line)) {
  const message = JSON.parse(line);
  const params = { ...message.params };
  if (params._meta) {
    const meta = Object.fromEntries(Object.entries(params._meta).filter(([key]) => !own.includes(key)));
    if (Object.keys(meta).length) params._meta = meta; else delete params._meta;
  }
  const kind = kinds[message.method];
  const target = process.argv[2] + (kind === "tool_call" ? "/" + params.name : "");
  const form = { kind, target, message: { jsonrpc: "2.0", method: message.method, params } };
  console.log(createHash("sha256").update(canonical(form)).digest("hex"));
}
