// Sessions of the older era over Streamable HTTP, for either SDK: a server and a transport each.
import { randomUUID } from "node:crypto";

/** Events of streams, so that a stream that was closed can be taken up again. */
export class Events {
  #events = [];
  async storeEvent(stream, message) {
    const id = `${stream}/${this.#events.length}`;
    this.#events.push({ id, stream, message });
    return id;
  }
  async getStreamIdForEventId(id) {
    return this.#events.find(it => it.id === id)?.stream;
  }
  async replayEventsAfter(last, { send }) {
    const at = this.#events.findIndex(it => it.id === last);
    if (at < 0) return "";
    const { stream } = this.#events[at];
    for (const { id, message } of this.#events.slice(at + 1).filter(it => it.stream === stream)) {
      // The first of a stream only gives it an id.
      if (Object.keys(message).length > 0) await send(id, message);
    }
    return stream;
  }
}

/** `connect(transport)` gives a new session its server; answers a handler of (request, response, body). */
export const sessions = (Transport, connect) => {
  const open = new Map();
  const refuse = (response, status, message) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32000, message } }));
  };
  return async (request, response, body) => {
    const id = request.headers["mcp-session-id"];
    if (id !== undefined && !open.has(id)) return refuse(response, 404, "no such session");
    if (id !== undefined) return open.get(id).handleRequest(request, response, body);
    if (request.method !== "POST" || body?.method !== "initialize") return refuse(response, 400, "no session yet");
    const transport = new Transport({
      sessionIdGenerator: randomUUID,
      eventStore: new Events(),
      retryInterval: 300,
      onsessioninitialized: begun => void open.set(begun, transport),
      onsessionclosed: ended => void open.delete(ended),
    });
    await connect(transport);
    await transport.handleRequest(request, response, body);
  };
};
