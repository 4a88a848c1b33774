// What the hub and the cart say to this page. Generated from crates/hub-api; change it there,
// then run `cargo xtask codegen`. Ids, decimals and times are strings.

export const VERSION = 1;

export const SPOTS: readonly Spot[] = [
  {"site":"aortic","back":false,"x":44.5,"y":29.0},
  {"site":"pulmonic","back":false,"x":55.5,"y":29.0},
  {"site":"erb","back":false,"x":56.0,"y":36.5},
  {"site":"tricuspid","back":false,"x":55.0,"y":45.0},
  {"site":"mitral","back":false,"x":65.0,"y":50.0},
  {"site":"front_right_upper","back":false,"x":33.0,"y":29.0},
  {"site":"front_left_upper","back":false,"x":67.0,"y":29.0},
  {"site":"front_right_lower","back":false,"x":29.0,"y":58.0},
  {"site":"front_left_lower","back":false,"x":73.0,"y":60.0},
  {"site":"back_left_upper","back":true,"x":43.0,"y":36.0},
  {"site":"back_right_upper","back":true,"x":57.0,"y":36.0},
  {"site":"back_left_lower","back":true,"x":37.0,"y":63.0},
  {"site":"back_right_lower","back":true,"x":63.0,"y":63.0},
];

export type Allergy = { statement: AllergyStatement, what: string, criticality: Criticality | null,
/**
 * Clinical status, such as "active" or "resolved".
 */
status: string | null,
/**
 * Such as "confirmed", "unconfirmed" or "refuted".
 */
verification: string | null, reactions: Array<string>,
/**
 * When it began, as the EHR wrote it: a year, a day, a text.
 */
onset: string | null, recorded: string | null, };

/**
 * What an entry of the allergy list says.
 */
export type AllergyStatement = "allergy" | "none_known" | "none_known_of_a_kind" | "not_asked";

/**
 * The sound of one place without a loss; its bytes are kept apart, under their hash.
 */
export type Auscultation = { sha256: string,
/**
 * "audio/wav".
 */
media_type: string, bytes: number, site: AuscultationSite,
/**
 * When its first sample was heard.
 */
began: Timestamp,
/**
 * From the first sample to the last, gaps included.
 */
millis: number,
/**
 * Where nothing came from the stethoscope: silence stands there. In order, and none touches another.
 */
gaps: Array<SoundGap>, };

/**
 * Where the chest piece lies. Right and left are the patient's.
 */
export type AuscultationSite = "aortic" | "pulmonic" | "erb" | "tricuspid" | "mitral" | "front_right_upper" | "front_left_upper" | "front_right_lower" | "front_left_lower" | "back_left_upper" | "back_right_upper" | "back_left_lower" | "back_right_lower" | "elsewhere";

/**
 * Millimetres of mercury; the pulse is that of the cuff, per minute.
 */
export type BloodPressure = { systolic: Decimal, diastolic: Decimal,
/**
 * Not every cuff reports the mean.
 */
mean: Decimal | null, pulse: Decimal | null, };

/**
 * What a scale infers from the body's impedance.
 */
export type BodyComposition = { fat_percent: Decimal, muscle_percent: Decimal | null, water_kg: Decimal | null, impedance_ohm: Decimal | null, };

/**
 * Where a temperature was taken (Bluetooth "Temperature Type", 0x2A1D).
 */
export type BodySite = "armpit" | "body" | "ear" | "finger" | "gastro_intestinal" | "mouth" | "rectum" | "toe" | "tympanum";

export type Breathing = "air" | "oxygen";

/**
 * Why a call is over.
 */
export type CallEnd = "nurse" | "physician" | "unanswered" | "declined" | "cart_lost";

/**
 * One press of "Call": ringing, the video visit and its end.
 */
export type CallId = string;

/**
 * Kiosk to browser.
 */
export type CartOnChannel = { "type": "still_saved", request: number, entry: EntryId, } | { "type": "still_failed", request: number, reason: string, } | { "type": "site", site: AuscultationSite | null, } | { "type": "sound_kept", request: number, entry: EntryId, } | { "type": "sound_not_kept", request: number, reason: string, } | { "type": "camera_failed", reason: string, } | { "type": "looking", view: View, } | { "type": "examining",
/**
 * What the cart was set up with.
 */
cameras: Array<ExamCamera>,
/**
 * Whose picture is sent, as physician or nurse said last.
 */
examined: Examined | null,
/**
 * Not so while it is unplugged or switched off; one that starts is not called so.
 */
works: boolean, } | { "type": "stethoscope",
/**
 * Sound comes from it.
 */
works: boolean, heart_rate: HeardRate,
/**
 * How much of this place could be kept now.
 */
heard_ms: number, } | { "type": "proof_begins" } | { "type": "hearing", picture: boolean, sound: boolean, };

export type CartSummary = { name: string, online: boolean, encounter: EncounterSummary | null,
/**
 * Ringing or in a call.
 */
call: CallId | null, };

export type ChartDocument = { what: string, title: string | null, date: string | null, authors: Array<string>,
/**
 * Media types of its contents, such as "application/pdf".
 */
content_types: Array<string>,
/**
 * Where it is not the current one, such as "superseded", or not signed, such as "preliminary".
 */
status: string | null, };

/**
 * One list of the chart.
 */
export type ChartPart<T> = {
/**
 * When the EHR gave this list. `None`: it never did, and `trouble` says why.
 */
asked: Timestamp | null,
/**
 * In plain words, why there is no list, or why it is an older one. `None`: the EHR has just given it.
 */
trouble: string | null, entries: Array<T>,
/**
 * So many more were there and could not be read.
 */
unreadable: number,
/**
 * So many more were not of this patient and are not shown.
 */
of_others: number,
/**
 * The EHR has more than is listed here.
 */
more: boolean, };

export type ChartProblem = { what: string, status: string | null, verification: string | null, onset: string | null, recorded: string | null, };

export type ChartValue = {
/**
 * Of a component, such as "Systolic blood pressure".
 */
what: string | null,
/**
 * "<", "<=", ">=" or ">": the true value is so against `number`.
 */
comparator: string | null, number: Decimal | null, unit: string | null,
/**
 * A value that is no number, or why there is none.
 */
text: string | null, };

export type ChartVital = { what: string,
/**
 * One, or the components of a panel such as a blood pressure.
 */
values: Array<ChartValue>,
/**
 * When it was measured, as the EHR wrote it.
 */
taken: string | null, };

/**
 * ACVPU.
 */
export type Consciousness = "alert" | "confusion" | "voice" | "pain" | "unresponsive";

/**
 * Everything a physician needs who joins now.
 */
export type ConsultContext = { call: CallId, cart: string, encounter: EncounterSummary, entries: Array<RecordedEntry>,
/**
 * Of these entries, and of those that follow one by one.
 */
early_warning: EarlyWarning, };

/**
 * AllergyIntolerance.criticality of FHIR R4.
 */
export type Criticality = "high" | "low" | "unable_to_assess";

/**
 * `mantissa × 10^exponent`. Equality is of value: 370 × 10⁻¹ equals 37.
 */
export type Decimal = string;

/**
 * How far an entry has come on its way to the chart.
 */
export type Delivery = "at_hub" | "in_ehr" | "set_aside" | "unknown";

/**
 * Names a device of a cart, as its catalogue entry does ("cuff", "oximeter").
 */
export type DeviceId = string;

/**
 * Which device it was, as far as the device says.
 */
export type DeviceIdentity = { id: DeviceId, model: string, serial: string | null, firmware: string | null, };

export type EarlyWarning = { "is": "score", news2: News2,
/**
 * By which the oxygen saturation was judged.
 */
scale: Spo2Scale,
/**
 * From then on one of its values is too old, and it is no longer this patient's score.
 */
until: Timestamp | null, } | { "is": "not_for", why: NotFor, };

/**
 * One lead of an electrocardiogram, in microvolts, evenly sampled.
 */
export type Ecg = { microvolts: Array<number>,
/**
 * Samples per second.
 */
hertz: number, };

/**
 * One visit of one patient at one cart.
 */
export type EncounterId = string;

/**
 * The encounter that is open at a cart.
 */
export type EncounterSummary = { id: EncounterId, patient: Patient, nurse: string, opened: Timestamp, };

/**
 * One thing that happened in an encounter and belongs in the chart.
 */
export type Entry = { id: EntryId, encounter: EncounterId,
/**
 * When it happened, by the clock of the machine that recorded it.
 */
recorded: Timestamp, body: EntryBody, };

export type EntryBody = { "type": "opened" } & Opened | { "type": "reading" } & Reading | { "type": "observed" } & Observed | { "type": "still" } & Still | { "type": "auscultation" } & Auscultation | { "type": "note" } & Note | { "type": "closed" };

/**
 * One thing that is kept: UUIDv7, so that ids sort by the time of capture.
 */
export type EntryId = string;

/**
 * A camera that is held to the body.
 */
export type ExamCamera = "otoscope" | "dermatoscope" | "ophthalmoscope" | "hand_camera";

/**
 * What somebody looks at through an exam camera.
 */
export type Examined = { with: ExamCamera,
/**
 * `None`: nobody has said it, or there are no sides.
 */
side: Laterality | null, };

export type Finding = { "kind": "respiratory_rate", per_minute: number, } | { "kind": "consciousness", level: Consciousness, } | { "kind": "breathing", of: Breathing, } | { "kind": "pregnancy", pregnant: boolean, } | { "kind": "oxygen_scale", scale: Spo2Scale, };

/**
 * Glucose in blood or tissue, in the unit of the meter: a conversion would change the number that
 * the patient saw.
 */
export type Glucose = { concentration: Decimal, unit: GlucoseUnit, sample: GlucoseSample | null, meal: Meal | null, };

/**
 * What was measured (Bluetooth Glucose Service, "Type"). Control solution is not a patient's.
 */
export type GlucoseSample = "capillary_whole_blood" | "capillary_plasma" | "venous_whole_blood" | "venous_plasma" | "arterial_whole_blood" | "arterial_plasma" | "undetermined_whole_blood" | "undetermined_plasma" | "interstitial_fluid";

export type GlucoseUnit = "mg_per_dl" | "mmol_per_l";

/**
 * By the sounds of the heart, since the physician listens. Never part of the record.
 */
export type HeardRate = { "is": "per_minute", beats: number, } | { "is": "not_yet" } | { "is": "too_quiet" } | { "is": "unclear" };

/**
 * Beats per minute of the heart itself, counted in its electrical signal.
 */
export type HeartRate = { rate: Decimal, };

export type HubToPortal = { "type": "welcome", version: number, physician: string, on_call: boolean, call: ConsultContext | null, } | { "type": "carts", carts: Array<CartSummary>, } | { "type": "ringing", context: ConsultContext, } | { "type": "ringing_stopped", call: CallId, } | { "type": "relays", relays: Relays, } | { "type": "joined", context: ConsultContext, } | { "type": "call_ended", call: CallId, why: CallEnd, } | { "type": "signal", call: CallId, signal: Signal, } | { "type": "cart_online", call: CallId, online: boolean, } | { "type": "recorded", recorded: RecordedEntry, } | { "type": "early_warning", encounter: EncounterId, early_warning: EarlyWarning, } | { "type": "monitoring", encounter: EncounterId, monitoring: Monitoring, } | { "type": "delivered", encounter: EncounterId, entries: Array<[EntryId, Delivery]>, } | { "type": "refused", reason: string, };

/**
 * As a browser takes it (W3C WebRTC, RTCIceServer).
 */
export type IceServer = {
/**
 * RFC 7065: `turn:host:port?transport=udp` or `tcp`, `turns:host:port`.
 */
urls: Array<string>,
/**
 * The second (Unix time) at which it ends, a colon, and a random id: no person's name.
 */
username: string, credential: string, };

/**
 * The patient's, never the viewer's.
 */
export type Laterality = "right" | "left";

/**
 * The lowest and the highest value that are still within. `None`: no limit on this side.
 */
export type Limit = { low: Decimal | null, high: Decimal | null, };

/**
 * The limits of one patient.
 */
export type Limits = { spo2: Limit, pulse_rate: Limit, systolic: Limit, temperature: Limit, respiratory_rate: Limit, };

/**
 * When the sample was taken (Bluetooth Glucose Service, "Meal").
 */
export type Meal = "before_meal" | "after_meal" | "fasting" | "casual" | "bedtime";

export type Measurement = { "kind": "blood_pressure" } & BloodPressure | { "kind": "oximetry" } & Oximetry | { "kind": "temperature" } & Temperature | { "kind": "heart_rate" } & HeartRate | { "kind": "glucose" } & Glucose | { "kind": "weight" } & Weight | { "kind": "body_composition" } & BodyComposition | { "kind": "ecg" } & Ecg;

export type Medication = { what: string,
/**
 * Such as "active" or "on-hold".
 */
status: string, dosage: Array<string>,
/**
 * When it was ordered, or stated.
 */
written: string | null, };

/**
 * What is told of a patient who is watched.
 */
export type Monitoring = { limits: Limits,
/**
 * Who set them; `None`: they are the usual ones.
 */
set_by: string | null, watched: Array<Watched>, };

export type News2 = { parts: Parts,
/**
 * Of all seven parts, or none.
 */
total: number | null,
/**
 * Only with a total.
 */
risk: Risk | null, missing: Array<Parameter>, };

/**
 * Whom the score is not for.
 */
export type NotFor = "under16" | "pregnant" | "age_unknown";

/**
 * What the physician wrote, as plain text.
 */
export type Note = { author: string, text: string, };

/**
 * `PUT /api/portal/notes/{entry id}`: the browser gives the id, so that a repeated press is one note.
 */
export type NoteDraft = { encounter: EncounterId, call: CallId, text: string, };

/**
 * Observed when its entry was recorded.
 */
export type Observed = { what: Finding,
/**
 * The nurse who was signed in, or the physician who prescribed it, by name.
 */
by: string, };

/**
 * The encounter began: whose it is and who opened it.
 */
export type Opened = { patient: Patient,
/**
 * The nurse who confirmed two identifiers.
 */
nurse: string,
/**
 * The cart's name, as the hub enrolled it.
 */
cart: string, };

/**
 * Functional arterial oxygen saturation in per cent, and the pulse of the oximeter per minute.
 */
export type Oximetry = { spo2: Decimal, pulse: Decimal | null, };

export type Parameter = "respiratory_rate" | "spo2" | "breathing" | "systolic" | "pulse" | "consciousness" | "temperature";

/**
 * Points of each parameter; `None` where they cannot be told.
 */
export type Parts = { rr: number | null, spo2: number | null, o2: number | null, sbp: number | null, pulse: number | null, consciousness: number | null, temp: number | null, };

/**
 * As the EHR knows the patient. Two of number, name and birth date identify.
 */
export type Patient = {
/**
 * FHIR identifier system of `number`, such as the hospital's medical record numbers.
 */
system: string,
/**
 * Medical record number.
 */
number: string, family: string, given: string,
/**
 * ISO 8601, to the day.
 */
birth_date: string, sex: Sex, };

/**
 * The chart of one patient, as far as the EHR lets it be read.
 */
export type PatientChart = {
/**
 * When the hub answered: ages count from here, whatever the clock of the browser says.
 */
now: Timestamp, allergies: ChartPart<Allergy>, problems: ChartPart<ChartProblem>,
/**
 * Those that are ordered and not over.
 */
medications: ChartPart<Medication>,
/**
 * The newest of each kind.
 */
vitals: ChartPart<ChartVital>, documents: ChartPart<ChartDocument>, };

/**
 * Browser to kiosk. Speeds are −1…1 of the camera's fastest; positive is right, up and nearer.
 */
export type PhysicianOnChannel = { "type": "move", pan: number, tilt: number, zoom: number, } | { "type": "stop" } | { "type": "home" } | { "type": "look", view: View, } | { "type": "examine", examined: Examined | null, } | { "type": "listen", on: boolean, } | { "type": "site", site: AuscultationSite, } | { "type": "keep_sound", request: number, site: AuscultationSite, } | { "type": "prove_sound" } | { "type": "freeze", request: number,
/**
 * Of the exam camera and of the side that the physician sees in this moment; `None`: of the room.
 */
examined: Examined | null, };

export type PortalToHub = { "type": "on_call", on_call: boolean, } | { "type": "answer", call: CallId, } | { "type": "decline", call: CallId, } | { "type": "hang_up", call: CallId, } | { "type": "signal", call: CallId, signal: Signal, } | { "type": "prescribe", call: CallId, what: Prescription, };

/**
 * How a patient is to be watched.
 */
export type Prescription = { "kind": "limits", limits: Limits | null, } | { "kind": "oxygen_scale", scale: Spo2Scale, };

/**
 * Every answer that is not 2xx. `reason` is in plain words and holds no patient data.
 */
export type Problem = { reason: string, };

/**
 * A remark of the device on its own measurement. It stays visible up to the chart.
 */
export type Quality = "motion" | "loose_cuff" | "irregular_pulse" | "low_perfusion" | "artifact" | "wrong_position" | "pulse_out_of_range" | "questionable" | "device_fault" | "control_solution" | "demonstration" | "clock_off" | "unusual";

/**
 * One measurement, with everything needed to trust or distrust it later.
 */
export type Reading = { id: ReadingId, measurement: Measurement, device: DeviceIdentity,
/**
 * What the device's own clock said, where it has one. Never corrected in place.
 */
device_time: Timestamp | null,
/**
 * When it was measured by the cart's clock: the device's time, put right by how far its clock was
 * found to be off. `None`: when it was received.
 */
corrected_time: Timestamp | null,
/**
 * The number that the device gave its record.
 */
sequence: number | null,
/**
 * When the last byte of it reached the cart.
 */
received: Timestamp,
/**
 * What the device says about the measurement; empty means nothing to remark.
 */
quality: Array<Quality>,
/**
 * SHA-256 of the device's own bytes, in hexadecimal.
 */
raw_sha256: string, };

/**
 * One measurement; it is also the FHIR identifier of its Observation.
 */
export type ReadingId = string;

/**
 * `PUT /api/cart/entries/{id}`, `PUT /api/cart/blobs/{sha256}` and `PUT /api/portal/notes/{id}` answer
 * with this after their commit. The same request again gets the same answer; the same id with
 * other content gets 409 and a [`Problem`].
 */
export type Receipt = {
/**
 * SHA-256 of the body as the hub stored it, in hexadecimal.
 */
sha256: string, };

/**
 * An entry together with how far it has come.
 */
export type RecordedEntry = { entry: Entry, delivery: Delivery, };

/**
 * What one side of a call may use.
 */
export type Relays = { servers: Array<IceServer>,
/**
 * Nothing goes any other way, for a hospital whose firewall allows nothing else.
 */
only: boolean, };

/**
 * In the order of urgency.
 */
export type Risk = "low" | "low-medium" | "medium" | "high";

/**
 * FHIR administrative-gender.
 */
export type Sex = "female" | "male" | "other" | "unknown";

/**
 * On which side of its limit a value lies.
 */
export type Side = "low" | "high";

/**
 * `POST /api/portal/sign-in`; the session comes back as an HttpOnly cookie.
 */
export type SignIn = { name: string, password: string, };

/**
 * The cart always offers. A reconnect is a new generation with a new peer connection, because
 * GStreamer's webrtcbin has no ICE restart; signals of older generations are ignored.
 */
export type Signal = { "type": "offer", generation: number, sdp: string, } | { "type": "answer", generation: number, sdp: string, } | { "type": "ice", generation: number, mline: number, candidate: string, } | { "type": "shown", generation: number, } | { "type": "want_offer" };

/**
 * Answer of `POST /api/portal/sign-in` and `GET /api/portal/me`.
 */
export type SignedIn = { name: string, display_name: string, };

/**
 * Of a recording, from its beginning.
 */
export type SoundGap = { at_ms: number, millis: number, };

export type Spo2Scale = "one" | "two";

/**
 * A place on a drawing. In hundredths of the drawing's width from its upper left corner; it is 110 of them high.
 */
export type Spot = { site: AuscultationSite,
/**
 * On the drawing of the back, where the patient's left is on the left.
 */
back: boolean, x: number, y: number, };

/**
 * A still picture; its bytes are kept apart, under their hash.
 */
export type Still = { sha256: string,
/**
 * "image/jpeg".
 */
media_type: string, bytes: number, width: number, height: number, taken: Timestamp,
/**
 * What it shows, when it came from an exam camera; `None`: the room, by the cart's own camera.
 */
examined?: Examined, };

/**
 * Degrees Celsius. A thermometer that speaks Fahrenheit is converted by its driver.
 */
export type Temperature = { celsius: Decimal, site: BodySite | null, };

/**
 * Milliseconds since 1970-01-01T00:00:00Z. Written as RFC 3339 in UTC.
 */
export type Timestamp = string;

/**
 * A box in the camera's picture, of the picture's own shape: nothing is ever stretched. In fractions of its width and of its
 * height, from the upper left corner.
 */
export type View = { x: number, y: number,
/**
 * Of width and height alike: 1 is the whole picture.
 */
size: number, };

/**
 * What a limit can be set for.
 */
export type VitalSign = "spo2" | "pulse_rate" | "systolic" | "temperature" | "respiratory_rate";

/**
 * A vital sign that is measured all the time, or that is beyond its limit.
 */
export type Watched = { sign: VitalSign,
/**
 * `None`: a person counted it.
 */
device: DeviceId | null,
/**
 * The newest value.
 */
value: Decimal, at: Timestamp,
/**
 * Comes about every second. Otherwise it was measured once, or the sensor is no longer on the
 * patient.
 */
live: boolean, beyond: Side | null, };

/**
 * Kilograms; the height in metres and the body mass index are those that the scale knows.
 */
export type Weight = { kilograms: Decimal, height_m: Decimal | null, bmi: Decimal | null, };
