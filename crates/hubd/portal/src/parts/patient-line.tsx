// Who the patient is, always with two identifiers beside the name.

import type { Patient } from "../hub-api";
import { useNow } from "../use-store";
import { age, birthDate, patientName, sexWord } from "../words";

export function PatientLine({ patient }: { patient: Patient }) {
  const now = useNow(60_000);
  const years = age(patient.birth_date, now);
  return (
    <div class="patient" data-testid="patient">
      <strong class="patient-name">{patientName(patient)}</strong>
      <span class="patient-facts">
        <span>No. {patient.number}</span>
        <span>
          born {birthDate(patient.birth_date)}
          {years !== "" && `, ${years}`}
        </span>
        <span>{sexWord(patient.sex)}</span>
      </span>
    </div>
  );
}
