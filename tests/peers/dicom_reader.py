"""A viewer made of pydicom and Pillow: says what it reads in a DICOM file, as JSON. Nothing of this project is in it.

Takes the file; of a photograph also the JPEG that it was made of, which Pillow decodes by itself.
"""

import json
import sys

import numpy
import pydicom
from PIL import Image
from pydicom.pixels import pixel_array

data = pydicom.dcmread(sys.argv[1])
said = {
    "name": str(data.PatientName),
    "family": data.PatientName.family_name,
    "number": data.PatientID,
    "class": data.SOPClassUID.name,
    "syntax": data.file_meta.TransferSyntaxUID.name,
    "time": str(data.AcquisitionDateTime),
}
if "PixelData" in data:
    shown = pixel_array(data)
    taken = numpy.asarray(Image.open(sys.argv[2]))
    said["shape"] = shown.shape
    said["same"] = bool(numpy.array_equal(shown, taken))
if "WaveformSequence" in data:
    group = data.WaveformSequence[0]
    channel = group.ChannelDefinitionSequence[0]
    said["hertz"] = float(group.SamplingFrequency)
    said["lead"] = channel.ChannelSourceSequence[0].CodeMeaning
    said["unit"] = channel.ChannelSensitivityUnitsSequence[0].CodeValue
    said["microvolts"] = data.waveform_array(0)[:, 0].tolist()
    if "WaveformAnnotationSequence" in data:
        said["remarks"] = [item.UnformattedTextValue for item in data.WaveformAnnotationSequence]
print(json.dumps(said))
