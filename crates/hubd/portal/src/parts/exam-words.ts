// The names of exam cameras, and what is said of what they show.

import type { ExamCamera, Examined, Laterality, Still } from "../hub-api";
import type { Exam } from "../state/model";

const NAMES: Record<ExamCamera, string> = {
  otoscope: "Otoscope",
  dermatoscope: "Dermatoscope",
  ophthalmoscope: "Ophthalmoscope",
  hand_camera: "Hand camera",
};

/** Of what there are two, the patient's right and left. */
const PAIRED: Record<ExamCamera, string | null> = {
  otoscope: "ear",
  dermatoscope: null,
  ophthalmoscope: "eye",
  hand_camera: null,
};

export function cameraName(camera: ExamCamera): string {
  return NAMES[camera];
}

/** "Right ear"; `null`: there are no sides. */
export function sideName(camera: ExamCamera, side: Laterality): string | null {
  const organ = PAIRED[camera];
  return organ && `${side === "right" ? "Right" : "Left"} ${organ}`;
}

/** "Otoscope, right ear", "Otoscope, side not chosen", "Dermatoscope". */
export function examinedWords({ with: camera, side }: Examined): string {
  if (PAIRED[camera] === null) return cameraName(camera);
  const where = side && sideName(camera, side)?.toLowerCase();
  return `${cameraName(camera)}, ${where ?? "side not chosen"}`;
}

/** "Still of 07:42", "Otoscope, right ear: still of 07:42". */
export function stillWords({ examined }: Still, time: string): string {
  return examined ? `${examinedWords(examined)}: still of ${time}` : `Still of ${time}`;
}

/** What lies over a picture that is none of now; `null`: it is live. From a camera that is away comes a grey slate. */
export function examVeil({ picture, works }: Exam, camera: ExamCamera): { title: string; detail: string } | null {
  const name = cameraName(camera).toLowerCase();
  if (!works) {
    const detail = "Ask the nurse to check that it is plugged in and switched on.";
    return { title: `No picture comes from the ${name}.`, detail };
  }
  if (picture.is === "live") return null;
  if (picture.is === "awaited") return { title: `Waiting for the picture of the ${name}`, detail: "The cart is starting it." };
  return { title: "Picture frozen", detail: "" };
}
