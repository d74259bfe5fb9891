// Each line is a document in base64; the answer is what JSON.parse makes of it, or `refused`.
import { readFileSync } from "node:fs";
const view = new DataView(new ArrayBuffer(8));
const text = (s) => {
  let hex = "s";
  for (let i = 0; i < s.length; i++) hex += s.charCodeAt(i).toString(16).padStart(4, "0");
  return hex;
};
function dump(value) {
  if (value === null) return "n";
  if (value === true) return "t";
  if (value === false) return "f";
  if (typeof value === "string") return text(value);
  if (typeof value === "number") {
    view.setFloat64(0, value + 0);
    return "d" + view.getBigUint64(0).toString(16).padStart(16, "0");
  }
  if (Array.isArray(value)) return "[" + value.map(dump).join(",") + "]";
  return "{" + Object.keys(value).map((k) => [text(k), dump(value[k])]).sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([k, v]) => k + ":" + v).join(",") + "}";
}
const out = [];
for (const line of readFileSync(0, "latin1").trimEnd().split("\n")) {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    out.push(dump(JSON.parse(decoder.decode(Buffer.from(line, "base64")))));
  } catch {
    out.push("refused");
  }
}
process.stdout.write(out.join("\n") + "\n");
