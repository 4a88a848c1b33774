// The memory of the EHR: Medplum's own, with an index over identifiers and with validation on every write.
//
// Medplum's plain search walks through every resource, too slow past some hundred of them.

import { matchesSearchRequest, stringify, validateResource } from '@medplum/core';
import { MemoryRepository } from '@medplum/fhir-router';

const DEFAULT_COUNT = 20;

export class IndexedRepository extends MemoryRepository {
  #idsByIdentifier = new Map();

  // Updates pass through here too: MemoryRepository writes them with createResource.
  async createResource(resource) {
    validateResource(JSON.parse(stringify(resource)));
    const written = await super.createResource(resource);
    for (const identifier of [].concat(written.identifier ?? [])) {
      for (const key of searchKeys(written.resourceType, identifier)) {
        this.#ids(key).add(written.id);
      }
    }
    return written;
  }

  async search(request) {
    const identifier = request.filters?.find((f) => f.code === 'identifier' && f.operator === 'eq');
    if (!identifier) return super.search(request);
    const ids = this.#ids(`${request.resourceType}?${identifier.value}`);
    const others = { ...request, filters: request.filters.filter((f) => f !== identifier) };
    const found = [];
    for (const id of ids) {
      // An update may have taken the identifier away, a delete the whole resource.
      const resource = await this.readResource(request.resourceType, id).catch(() => undefined);
      const has = (i) => searchKeys(request.resourceType, i).includes(`${request.resourceType}?${identifier.value}`);
      if (resource && [].concat(resource.identifier ?? []).some(has) && matchesSearchRequest(resource, others)) {
        found.push({ resource });
      }
    }
    const page = found.slice(request.offset ?? 0).slice(0, request.count ?? DEFAULT_COUNT);
    return { resourceType: 'Bundle', type: 'searchset', total: found.length, entry: page.length ? page : undefined };
  }

  #ids(key) {
    if (!this.#idsByIdentifier.has(key)) this.#idsByIdentifier.set(key, new Set());
    return this.#idsByIdentifier.get(key);
  }
}

// FHIR R4 3.1.1.4.10: a token is searched as `system|value` or as `value` alone.
function searchKeys(resourceType, { system, value }) {
  return [`${resourceType}?${system ?? ''}|${value}`, `${resourceType}?${value}`];
}
