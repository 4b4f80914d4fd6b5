// The program as a site: started on a free port, stopped at the end.

import { spawn } from "node:child_process";

/** Runs the program and gives back its output; fails when it fails. */
export function run(binary, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (out += data));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(out) : reject(new Error(`${args.join(" ")}: ${code}\n${out}`))));
  });
}

/** Starts `serve` or `demo` and waits for its address. */
export function start(binary, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, [...args, "--addr", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    const timer = setTimeout(() => reject(new Error(`no address after two minutes: ${told}`)), 120_000);
    child.on("error", reject);
    child.on("close", (code) => reject(new Error(`stopped with ${code}: ${told}`)));
    child.stderr.on("data", (data) => {
      told += data;
      const found = told.match(/http:\/\/[\d.:[\]]+\d/);
      if (found) {
        clearTimeout(timer);
        resolve({ origin: found[0], stop: () => child.kill("SIGINT") });
      }
    });
  });
}

/** What a page is, whatever it is about: its path without names, and the names of its parameters. */
export function shape(url) {
  const { pathname, searchParams } = new URL(url);
  const [, first = "", ...rest] = pathname.split("/");
  // Parts of the world and kinds of networks are pages of their own; ids are not.
  const names = rest.map((part) => (/^[a-z-]+$/.test(part) ? part : "*"));
  return ["", first, ...names].join("/") + "?" + [...new Set(searchParams.keys())].sort().join("&");
}

/** Whether an address is a page, not a list for programs. */
export const isPage = (url) => !/\.(json|ndjson|jsonl|csv|geojson|parquet|graphml|gexf|atom|xml|svg|css|js)$/.test(new URL(url).pathname);
