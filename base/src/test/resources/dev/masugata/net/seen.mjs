// Tells of each request what Node's parser saw: method, target, headers and body.
import { createServer } from "node:http";
const hex = (s, encoding) => Buffer.from(s, encoding).toString("hex");
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const headers = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      headers.push(hex(request.rawHeaders[i].toLowerCase(), "latin1") + "=" + hex(request.rawHeaders[i + 1], "latin1"));
    const body = `seen ${request.method} ${hex(request.url, "latin1")} ${headers.join(",")} ${Buffer.concat(parts).toString("hex")} .\n`;
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("close", () => process.exit(0)).resume();
