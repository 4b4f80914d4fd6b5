// Opens every page of Lagebild in Chromium and looks for what is wrong with it.
//
//   node check.mjs BINARY [--shots DIR] [--quick]
//
// Pages are found by following links, one of each shape. Each is opened in German and English, light and dark: no error in the
// console, no failed request, no fault that axe-core knows of WCAG 2.2 A and AA, no sideways scrolling at 400 pixels; and without
// JavaScript. The ten questions of docs/questions.md are answered by clicking. A second store holds a report that tries to break
// out of every page.

import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { isPage, run, shape, start } from "./site.mjs";
import { questions } from "./questions.mjs";

const axeSource = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const here = path.dirname(fileURLToPath(import.meta.url));

const [binary, ...options] = process.argv.slice(2);
const option = (name, otherwise) => (options.includes(name) ? options[options.indexOf(name) + 1] : otherwise);
const shots = option("--shots", path.join(here, "../../target/screenshots"));
const quick = options.includes("--quick");
if (!binary) {
  console.error("usage: node check.mjs BINARY [--shots DIR] [--quick]");
  process.exit(2);
}

const faults = [];
const fault = (where, what) => {
  faults.push(`${where}: ${what}`);
  console.log(`FAULT ${where}: ${what}`);
};

/** Pages that no link leads to from the first one. */
const MORE = ["/search", "/what-if?by=Ukraine&attacked=RUS&on=2025-01-01", "/events?q=nirgendwo", "/nowhere", "/events?type=X"];
/** Most pages of one site. */
const MOST = quick ? 12 : 70;
const COMBINATIONS = quick
  ? [["de", "light"]]
  : [["de", "light"], ["de", "dark"], ["en", "light"], ["en", "dark"]];

/** A page that notes what goes wrong in it. */
async function open(browser, { locale = "de", scheme = "light", width = 1280, js = true } = {}) {
  const context = await browser.newContext({
    locale,
    colorScheme: scheme,
    viewport: { width, height: 900 },
    javaScriptEnabled: js,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  // A picture of a whole page takes a second or two of a free processor, and many times that on a machine that builds beside it.
  page.setDefaultTimeout(60_000);
  const troubles = [];
  let failing = false;
  page.on("console", (message) => {
    // A page that says that it does not exist is meant to; the browser notes its status.
    if (message.type() === "error" && !failing) troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`script: ${error.message}`));
  page.on("dialog", async (dialog) => {
    troubles.push(`a dialog says ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // Leaving a page ends what it still asks for.
    if (why !== "net::ERR_ABORTED") troubles.push(`request: ${request.url()} ${why}`);
  });
  const visit = async (url, expected = 200) => {
    failing = expected !== 200;
    troubles.length = 0;
    const response = await page.goto(url, { waitUntil: "load" });
    if (response.status() !== expected) troubles.push(`status ${response.status()}`);
    return response;
  };
  return { page, context, troubles, visit };
}

const expected = (url) => (url.includes("/nowhere") ? 404 : url.includes("type=X") ? 400 : 200);

/** Pages of a site, one of each shape, found by following links. */
async function crawl(browser, origin) {
  const { page, context, visit, troubles } = await open(browser);
  const seen = new Map();
  const files = new Map();
  const queue = ["/", ...MORE].map((p) => origin + p);
  while (queue.length > 0 && seen.size < MOST) {
    const url = queue.shift();
    const key = shape(url);
    if (seen.has(key)) continue;
    seen.set(key, url);
    await visit(url, expected(url));
    for (const trouble of troubles) fault(url, trouble);
    const links = await page.$$eval("a[href]", (as) => as.map((a) => (a.href.baseVal !== undefined ? new URL(a.href.baseVal, location).href : a.href)));
    for (const link of new Set(links.map((l) => l.split("#")[0]))) {
      if (!link.startsWith(origin) || /[?&](ui|theme|watch)=/.test(link)) continue;
      if (isPage(link)) {
        if (!seen.has(shape(link))) queue.push(link);
      } else {
        files.set(shape(link), link);
      }
    }
  }
  for (const link of files.values()) {
    const response = await context.request.get(link);
    if (!response.ok()) fault(link, `status ${response.status()}`);
  }
  await context.close();
  return [...seen.values()];
}

/** A name for the picture of a page. */
const pictured = (url) => {
  const { pathname, search } = new URL(url);
  return (pathname + search).replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "overview";
};

/** Every page in one language and one theme, with axe-core. */
async function look(browser, pages, locale, scheme, folder) {
  const { page, context, visit, troubles } = await open(browser, { locale, scheme });
  for (const url of pages) {
    await visit(url, expected(url));
    const where = `${locale} ${scheme} ${url}`;
    const lang = await page.getAttribute("html", "lang");
    if (lang !== locale) fault(where, `the page says that it is in ${lang}`);
    const cut = await page.$eval(".top nav", (nav) => nav.scrollWidth - nav.clientWidth);
    if (cut > 0) fault(where, `${cut} pixels of the navigation are cut off`);
    await page.addScriptTag({ path: axeSource }).catch(() => {});
    // The policy of the site forbids foreign scripts; the debugger may add one.
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeText);
    const result = await page.evaluate(() =>
      window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        resultTypes: ["violations"],
      }),
    );
    for (const violation of result.violations) {
      const nodes = violation.nodes.slice(0, 3).map((n) => `${n.target.join(" ")} — ${n.failureSummary.split("\n").slice(1).join(" ").trim()}`);
      fault(where, `axe ${violation.id} ×${violation.nodes.length}: ${nodes.join(" | ")}`);
    }
    for (const trouble of troubles) if (!/Content Security Policy/.test(trouble)) fault(where, trouble);
    await page.screenshot({ path: path.join(shots, folder, `${pictured(url)}.png`), fullPage: true });
  }
  await context.close();
}

/** Every page on a telephone: nothing runs out of it sideways. */
async function narrow(browser, pages) {
  for (const scheme of ["light", "dark"]) {
    const { page, context, visit } = await open(browser, { width: 400, scheme });
    for (const url of pages) {
      await visit(url, expected(url));
      const over = await page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
      if (over > 0) fault(`400px ${url}`, `${over} pixels wider than the window`);
      await page.screenshot({ path: path.join(shots, `narrow-${scheme}`, `${pictured(url)}.png`), fullPage: true });
    }
    await context.close();
  }
}

/** Every page without JavaScript, and the search by its form. */
async function plain(browser, origin, pages) {
  const { page, context, visit } = await open(browser, { js: false });
  for (const url of pages) {
    await visit(url, expected(url));
    const text = await page.innerText("main");
    if (text.trim().length < 20) fault(`no JavaScript ${url}`, "an empty page");
  }
  await visit(origin + "/");
  await page.fill("#q", "Vertrag");
  await page.press("#q", "Enter");
  await page.waitForURL(/\/search\?q=Vertrag/);
  const hit = page.locator("main a mark, main a:has(mark)").first();
  if ((await hit.count()) === 0) fault("no JavaScript", "the search finds nothing");
  await context.close();
}

/** The keys that the help names. */
async function keyboard(browser, origin) {
  const { page, context, visit } = await open(browser);
  await visit(origin + "/events");
  await page.keyboard.press("/");
  const focused = await page.evaluate(() => document.activeElement?.id);
  if (focused !== "q") fault("keyboard", `/ focuses ${focused}`);
  await page.evaluate(() => document.activeElement?.blur());
  if (!(await page.locator("dialog#help").count())) {
    console.log("NOT CHECKED: the pages have no help for keys");
    return context.close();
  }
  await page.keyboard.press("?");
  if (!(await page.locator("dialog[open]").count())) fault("keyboard", "? opens no help");
  await page.keyboard.press("Escape");
  if (await page.locator("dialog[open]").count()) fault("keyboard", "Escape does not close the help");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const at = await page.evaluate(() => document.activeElement !== document.body);
  if (!at) fault("keyboard", "j selects no row");
  // Every link of the head can be reached by Tab, with a visible ring.
  await visit(origin + "/");
  await page.keyboard.press("Tab");
  const ring = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    return [document.activeElement.className, style.outlineStyle, style.outlineWidth].join(" ");
  });
  if (!ring.startsWith("skip") || ring.includes("none")) fault("keyboard", `the first stop of Tab is ${ring}`);
  await context.close();
}

/** A report that tries to break out: nothing of it becomes an element. */
async function hostile(browser, directory) {
  const store = path.join(directory, "hostile.db");
  await run(binary, ["add", "--store", store, "--input", "jsonl", path.join(here, "hostile.jsonl")]);
  const site = await start(binary, ["serve", "--store", store]);
  try {
    const pages = await crawl(browser, site.origin);
    const { page, context, visit, troubles } = await open(browser);
    for (const url of pages) {
      await visit(url, expected(url));
      const bad = await page.evaluate(() => [...document.querySelectorAll("img, iframe, object, [onerror], [onload], script:not([type=module])")].map((e) => e.outerHTML));
      if (bad.length > 0) fault(url, `elements out of a report: ${bad.join(" ").slice(0, 200)}`);
      for (const trouble of troubles) fault(url, trouble);
    }
    await visit(site.origin + "/documents");
    if (!(await page.innerText("main")).includes("<img src=x onerror=alert(1)>")) fault("hostile", "the headline is not shown as it is");
    await context.close();
  } finally {
    site.stop();
  }
}

const { readFileSync } = await import("node:fs");
const axeText = readFileSync(axeSource, "utf8");

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const directory = mkdtempSync(path.join(tmpdir(), "lagebild-browser-"));
let site;
try {
  mkdirSync(shots, { recursive: true });
  site = await start(binary, ["demo"]);
  const pages = await crawl(browser, site.origin);
  console.log(`${pages.length} pages`);
  for (const [locale, scheme] of COMBINATIONS) await look(browser, pages, locale, scheme, `${locale}-${scheme}`);
  await narrow(browser, pages);
  await plain(browser, site.origin, pages);
  await keyboard(browser, site.origin);
  for (const [title, answer] of questions) {
    const { page, context, visit, troubles } = await open(browser);
    await visit(site.origin + "/");
    try {
      await answer(page);
      console.log(`answered: ${title}`);
    } catch (error) {
      fault(title, error.message.split("\n")[0]);
      await page.screenshot({ path: path.join(shots, `question-${pictured("http://x/" + title)}.png`) });
    }
    for (const trouble of troubles) fault(title, trouble);
    await context.close();
  }
  await hostile(browser, directory);
} finally {
  site?.stop();
  await browser.close();
  rmSync(directory, { recursive: true, force: true });
}
console.log(faults.length === 0 ? "no faults" : `${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
