// The ten questions of docs/questions.md, answered by clicking from the overview. Each ends at words that answer it.

/** Waits until the main part of the page says something. */
async function says(page, words) {
  await page.locator("main", { hasText: words }).first().waitFor({ timeout: 10_000 });
}

/** Follows the first link of that name in the given part of the page. */
async function click(page, part, name) {
  const link = page.locator(part).getByRole("link", { name }).first();
  await link.click();
  await page.waitForLoadState("load");
}

/** Fills a field of the filters and applies them. */
async function filter(page, fields) {
  const form = page.locator("main form").filter({ has: page.locator(`[name="${Object.keys(fields)[0]}"]`) }).first();
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]`);
    if ((await field.evaluate((e) => e.tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
  await form.getByRole("button").first().click();
  await page.waitForLoadState("load");
}

const menu = "header nav";

export const questions = [
  ["1. What did Russia and North Korea do together?", async (page) => {
    await click(page, menu, /^Ereignisse/);
    await filter(page, { country: "RUS", from: "2024-06", to: "2024-06" });
    await click(page, ".side", /Nordkorea/);
    await says(page, /Putin/);
    await says(page, "Nordkorea");
  }],
  ["2. Who says that soldiers were sent, how many, and who denies it?", async (page) => {
    await click(page, menu, /^Aussagen/);
    await filter(page, { q: "Soldaten" });
    await says(page, /3\.000|10\.000/);
    await says(page, /bestreitet/);
  }],
  ["3. Which treaties bind North Korea, and to what?", async (page) => {
    await click(page, menu, /^Verträge/);
    await filter(page, { actor: "PRK", on: "2024-12-31" });
    await says(page, /Umfassende Strategische Partnerschaft|Strategische Partnerschaft/i);
    await page.locator("main table a.strong").first().click();
    await page.waitForLoadState("load");
    await says(page, /gegenseitiger Beistand/);
  }],
  ["4. What changed between Seoul and Pyongyang in October?", async (page) => {
    await click(page, menu, /^Netz/);
    await filter(page, { from: "2024-10", to: "2024-10" });
    await page.locator("main table tr", { hasText: "Südkorea" }).filter({ hasText: "Nordkorea" }).first().getByRole("link", { name: /^\d+$/ }).click();
    await page.waitForLoadState("load");
    await says(page, "Südkorea");
  }],
  ["5. Who met whom, and where, in June?", async (page) => {
    await click(page, menu, /^Karte/);
    await filter(page, { from: "2024-06", to: "2024-06" });
    await page.locator("main table").getByRole("link", { name: /Pjöngjang/ }).first().click();
    await page.waitForLoadState("load");
    await says(page, /Treffen|Besuch/);
  }],
  ["6. What was threatened and done against Ukraine?", async (page) => {
    await click(page, menu, /^Ereignisse/);
    await filter(page, { recipient: "UKR" });
    await click(page, ".side", /Konflikt in Taten/);
    await says(page, "Ukraine");
  }],
  ["7. What is only alleged?", async (page) => {
    await click(page, menu, /^Ereignisse/);
    await click(page, ".side", /behauptet/);
    await says(page, "behauptet");
  }],
  ["8. Which reports tell one act?", async (page) => {
    await page.fill("#q", "ratifiziert");
    await page.press("#q", "Enter");
    await page.waitForLoadState("load");
    const hits = await page.locator("main h2 a, main .rows a, main li a").count();
    if (hits < 2) throw new Error("fewer than two reports tell of the ratification");
  }],
  ["9. What did the South Korean president say?", async (page) => {
    await page.goto(new URL("/claims?actor=Yoon Suk Yeol", page.url()).href);
    await says(page, /tatenlos/);
  }],
  ["10. What would follow if Ukraine attacked Russia, and why was it read so?", async (page) => {
    await click(page, menu, /^Verträge/);
    await click(page, "main", /Was wäre, wenn/);
    await filter(page, { by: "Ukraine", attacked: "RUS", on: "2025-01-01" });
    await says(page, "Nordkorea");
    await says(page, /Art\. 4/);
  }],
];
