"use strict";

// Swagger UI reads the whole contract anew for every operation that is unfolded: seconds, for a large one. All of it
// is one document, where what a reference leads to only has to be looked up.

// What stands in these has names that the contract chose.
const NAMED = new Set(
  ("$defs callbacks content definitions dependentSchemas encoding examples headers links parameters pathItems " +
    "patternProperties paths properties requestBodies responses schemas securitySchemes variables webhooks").split(" "),
);

// What stands in these is data, not a description.
const DATA = new Set(["const", "default", "enum", "example", "value"]);

// So many places of one operation are shown, and references so far into one another where it has more.
const PLACES = 20_000;
const DEPTHS = [Infinity, 8, 6, 4, 3, 2];

class Unknown extends Error {}
class TooMany extends Error {}

// What the JSON pointer behind `#` leads to.
const target = (contract, reference) => {
  if (!/^#(\/|$)/.test(reference)) throw new Unknown(reference);
  let found = contract;
  for (const part of reference.split("/").slice(1)) {
    const name = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (found === null || !Object.hasOwn(found, name)) throw new Unknown(reference);
    found = found[name];
  }
  return found;
};

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

// Both together; of two values in one place, the second.
const united = (one, other) => {
  if (Array.isArray(one) && Array.isArray(other)) {
    const known = new Set(one.map((item) => JSON.stringify(item)));
    return [...one, ...other.filter((item) => !known.has(JSON.stringify(item)))];
  }
  if (!isObject(one) || !isObject(other)) return other;
  const both = { ...one };
  for (const [name, value] of Object.entries(other)) {
    both[name] = Object.hasOwn(one, name) ? united(one[name], value) : value;
  }
  return both;
};

// A schema as Swagger UI shows it: what it takes from others is its own, unless these were left where they are.
const flat = (schema) => {
  const { allOf: others, ...own } = schema;
  if (!Array.isArray(others) || !others.every((other) => isObject(other) && other.$ref === undefined)) return schema;
  const { $$ref: _, ...all } = [...others, own].reduce(united, {});
  for (const name of ["$$ref", "example", "examples"]) {
    if (Object.hasOwn(own, name)) all[name] = own[name];
  }
  return all;
};

// A copy of `value` with what its references lead to, but for those that lead into themselves.
const resolver = (contract, base, depth) => {
  let places = 0;
  const copy = (value, isNamed, within) => {
    if (value === null || typeof value !== "object") return value;
    if (++places > PLACES && depth > DEPTHS.at(-1)) throw new TooMany();
    if (Array.isArray(value)) return value.map((item) => copy(item, false, within));
    const { $ref: reference, ...rest } = value;
    if (!isNamed && typeof reference === "string") {
      const found = target(contract, reference);
      if (within.includes(reference) || within.length >= depth) return value;
      const resolved = copy(found, false, [...within, reference]);
      if (!isObject(resolved)) return resolved;
      return { ...resolved, ...copy(rest, false, within), $$ref: resolved.$$ref ?? base + reference };
    }
    const isData = (name, inner) =>
      !isNamed && (DATA.has(name) || name.startsWith("x-") || (name === "examples" && Array.isArray(inner)));
    const copied = Object.entries(value).map(([name, inner]) => [
      name,
      isData(name, inner) ? inner : copy(inner, !isNamed && NAMED.has(name) && !Array.isArray(inner), within),
    ]);
    return isNamed ? Object.fromEntries(copied) : flat(Object.fromEntries(copied));
  };
  return copy;
};

// The part of the contract at `path`, resolved; an operation with the parameters of its path.
const part = (contract, path, copy) => {
  let [found, item] = [contract, {}];
  for (const name of path) {
    if (typeof found?.$ref === "string") found = { ...target(contract, found.$ref), ...found };
    [found, item] = [found?.[name], found];
  }
  const isNamed = path.length === 1 ? NAMED.has(path[0]) : path.length === 2 && path[0] === "components";
  const resolved = copy(found, isNamed, []);
  if (path[0] !== "paths" || path.length !== 3 || !Array.isArray(item.parameters)) return resolved;
  const own = resolved.parameters ?? [];
  const inherited = copy(item.parameters, false, []).filter(
    (one) => !own.some((other) => other.name === one.name && other.in === one.in),
  );
  return { ...resolved, parameters: [...own, ...inherited] };
};

const resolved = (contract, path, base) => {
  for (const depth of DEPTHS) {
    try {
      return part(contract, path, resolver(contract, base, depth));
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
    }
  }
};

// The plugin. What cannot be looked up, such as an anchor, is left to Swagger UI.
const quick = () => ({
  afterLoad({ fn: { resolveSubtree: slow } }) {
    this.fn.resolveSubtree = async (contract, path, options) => {
      try {
        return { spec: resolved(contract, path, options.baseDoc), errors: [] };
      } catch {
        return slow(contract, path, options);
      }
    };
  },
});
