// Puts the patients and appointments of a seed file into a repository.
//
// A seed is a list of FHIR resources with their ids. A time such as "+90 min" counts from the start of
// the server, so that today's appointments are always today's.

const RELATIVE = /^([+-]\d+) min$/;

export async function plant(repository, resources, now) {
  for (const resource of resources) await repository.createResource(withTimes(resource, now));
}

function withTimes(value, now) {
  if (Array.isArray(value)) return value.map((item) => withTimes(item, now));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTimes(item, now)]));
  }
  const minutes = typeof value === 'string' ? RELATIVE.exec(value)?.[1] : undefined;
  return minutes === undefined ? value : new Date(now.getTime() + Number(minutes) * 60_000).toISOString();
}
