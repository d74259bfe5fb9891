// Finds the real peers: $PEERS is the directory `node_modules` that `masugata test` installs.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(process.env.PEERS + "/x.js");
export const load = name => import(pathToFileURL(require.resolve(name)).href);
