// Stands before a gate for clients that send no token: adds it and passes everything else on as it came.
// Host and Origin are rewritten only where they name the forwarder itself; a foreign one is the gate's to refuse.
// usage: node forwarder.mjs PORT TARGET_URL TOKEN|- [--insecure-host]
// A request for /mcp goes to the path of TARGET_URL, any other path stays. --insecure-host is a mutant that makes
// every Host and Origin the gate's own: a suite must notice it.
import { createServer, request as send } from "node:http";
import { pathToFileURL } from "node:url";

/** Resolves with the URL of the forwarder and a way to close it. */
export const forward = (port, target, token, insecureHost = false) => {
  const to = new URL(target);
  const server = createServer((request, response) => {
    const own = `127.0.0.1:${server.address().port}`;
    const isOwn = host => insecureHost || host === own || host === own.replace("127.0.0.1", "localhost");
    const headers = [];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      const [name, value] = request.rawHeaders.slice(at, at + 2);
      const low = name.toLowerCase();
      if (low === "authorization" && token) continue;
      if (low === "host" && isOwn(value)) headers.push(name, to.host);
      else if (low === "origin" && isOwn(value.replace(/^http:\/\//, ""))) headers.push(name, `http://${to.host}`);
      else headers.push(name, value);
    }
    if (token) headers.push("Authorization", `Bearer ${token}`);
    const path = request.url === "/mcp" || request.url === "/" ? to.pathname : request.url;
    const upstream = send({ host: to.hostname, port: to.port, method: request.method, path, headers, setHost: false });
    upstream.on("response", answer => {
      response.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
      response.flushHeaders();
      answer.pipe(response);
      answer.on("aborted", () => response.destroy());
    });
    upstream.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    // A client that goes takes its request with it.
    response.on("close", () => upstream.destroy());
    request.pipe(upstream);
  });
  server.requestTimeout = 0;
  return new Promise(done =>
    server.listen(port, "127.0.0.1", () =>
      done({ url: `http://127.0.0.1:${server.address().port}/mcp`, close: () => server.close() }),
    ),
  );
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [port, target, token, mutant] = process.argv.slice(2);
  const { url } = await forward(Number(port), target, token === "-" ? undefined : token, mutant === "--insecure-host");
  console.log(`listening on ${url}`);
}
