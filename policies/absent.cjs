/** In the place of what lean.ts leaves out: may be loaded, and says so when anything uses it after all. */
module.exports = new Proxy(
  {},
  {
    get(_, key) {
      if (key === "__esModule") return true;
      throw new Error(`policies/lean.ts left this module out, and its ${String(key)} is used`);
    },
  },
);
