// A gate in a home of its own whose only upstream is a URL, for the conformance client.
// $GATE_LAUNCHER is its launcher. The tools that the scenario calls are classed as reading, so that none is held.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Resolves, once it listens, with the URL of the server behind the gate, a caller's token, a way to run its commands and
 * a way to end it. With an `oauth` (as configuration writes it, in one line) it is a client of an authorization server;
 * `{secret}` in it stands for a file with $SECRET.
 */
export const gate = async (upstream, tools, oauth, secret) => {
  const home = await mkdtemp(join(tmpdir(), "masugata-conformance-"));
  const config = join(home, "masugata.yaml");
  const classes = tools.map(it => `${it}: read`).join(", ");
  const file = join(home, "secret");
  if (secret) await writeFile(file, secret);
  const at = new URL(upstream).origin;
  const credentials = oauth ? [`credentials: { mine: { at: "${at}", oauth: ${oauth.replace("{secret}", `file:${file}`)} } }`] : [];
  const credential = oauth ? "credential: mine, " : "";
  await writeFile(
    config,
    [
      "listen: { gates: 127.0.0.1:0, proxy: 127.0.0.1:0, people: 127.0.0.1:0 }",
      ...credentials,
      "mcp:",
      "  servers:",
      `    scenario: { url: "${upstream}", ${credential}pin: first-use, tools: { ${classes} } }`,
      "",
    ].join("\n"),
  );
  const env = { ...process.env, MASUGATA_HOME: join(home, "home") };
  const serve = spawn(process.env.GATE_LAUNCHER, ["serve", "--config", config], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const close = async () => {
    const ended = new Promise(done => serve.once("exit", done));
    if (serve.exitCode === null) serve.kill();
    if (serve.exitCode === null) await ended;
    await rm(home, { recursive: true, force: true });
  };
  try {
    const port = await listening(serve);
    const added = await promisify(execFile)(process.env.GATE_LAUNCHER, ["agents", "add", "suite", "--user", "tester"], {
      env,
    });
    return { url: `http://127.0.0.1:${port}/mcp/scenario`, token: added.stdout.trim(), env, close };
  } catch (failed) {
    await close();
    throw failed;
  }
};

const listening = serve =>
  new Promise((done, failed) => {
    let said = "";
    const heard = piece => {
      said += piece;
      const port = /127\.0\.0\.1:(\d+)\/mcp\s+people:/.exec(said)?.[1];
      if (port) done(port);
    };
    serve.stdout.on("data", heard);
    serve.stderr.on("data", heard);
    serve.once("exit", code => failed(new Error(`the gate ended with ${code}: ${said}`)));
  });
