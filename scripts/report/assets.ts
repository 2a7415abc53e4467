import { readFileSync } from "node:fs";
import type { PageAssets } from "../../components/report/page.ts";

const file = (name: string) =>
  readFileSync(new URL(`../../components/report/${name}`, import.meta.url), "utf8");

/** The style of a page, and with `live` the program that keeps it up to date. */
export const pageAssets = ({ live }: { readonly live: boolean }): PageAssets => ({
  style: file("page.css"),
  ...(live ? { script: file("page-live.js") } : {}),
});
