"""TRC by trc-data-reader and OpenSim, C3D by ezc3d and c3d."""

import warnings

import c3d
import ezc3d
import numpy
import opensim
import trc

import made
from bench import close, one_each


def wanted(person):
    """Metres, y up, place by place of the grid; NaN where the person is not seen."""
    missing = [(numpy.nan,) * 3] * 33
    return numpy.array([list(made.body(person, frame).values()) if made.is_seen(person, frame) else missing for frame in range(made.COUNT)])


def same(given, person, tolerance):
    truth = wanted(person)
    assert given.shape == truth.shape, given.shape
    assert (numpy.isnan(given) == numpy.isnan(truth)).all(), "gaps differ"
    close(numpy.nan_to_num(given), numpy.nan_to_num(truth), tolerance)


def trc_data_reader(bench):
    for person, path in one_each(bench.export("made.trc"), made.SEEN).items():
        data = trc.TRCData()
        data.load(str(path))
        assert data["Markers"] == made.NAMES and data["Units"] == "m" and data["DataRate"] == made.RATE
        assert data["NumFrames"] == made.COUNT == len(data["Time"])
        close(data["Time"], [frame / made.RATE for frame in range(made.COUNT)], 1e-6)
        assert data["Frame#"] == list(range(1, made.COUNT + 1))
        same(numpy.array([data[name] for name in made.NAMES], float).transpose(1, 0, 2), person, 1e-6)


def opensim_trc(bench):
    opensim.Logger.setLevelString("Error")
    for person, path in one_each(bench.export("made.trc"), made.SEEN).items():
        table = opensim.TimeSeriesTableVec3(str(path))
        assert list(table.getColumnLabels()) == made.NAMES
        assert table.getTableMetaDataString("Units") == "m" and float(table.getTableMetaDataString("DataRate")) == made.RATE
        close(table.getIndependentColumn(), [frame / made.RATE for frame in range(made.COUNT)], 1e-6)
        rows = [table.getRowAtIndex(row) for row in range(table.getNumRows())]
        same(numpy.array([[row[marker].to_numpy() for marker in range(33)] for row in rows]), person, 1e-6)


def labels():
    return [f"person{person}:{name}" for person in made.SEEN for name in made.NAMES]


def ezc3d_reads(bench):
    path = bench.export("made.c3d")
    file = ezc3d.c3d(str(path))
    _check_ezc3d(file)
    # What it writes of it is the same again.
    again = bench.folder / "again.c3d"
    file.write(str(again))
    _check_ezc3d(ezc3d.c3d(str(again)))


def _check_ezc3d(file):
    parameters, points = file["parameters"], file["data"]["points"]
    assert parameters["POINT"]["LABELS"]["value"] == labels() and parameters["POINT"]["UNITS"]["value"] == ["mm"]
    assert parameters["POINT"]["RATE"]["value"][0] == made.RATE == file["header"]["points"]["frame_rate"]
    assert parameters["POINT"]["X_SCREEN"]["value"] == ["+X"] and parameters["POINT"]["Y_SCREEN"]["value"] == ["+Y"]
    assert points.shape == (4, 66, made.COUNT)
    for place, person in enumerate(made.SEEN):
        of_person = points[:3, 33 * place : 33 * place + 33].transpose(2, 1, 0)
        same(of_person / 1000, person, 1e-7)
    residuals = file["data"]["meta_points"]["residuals"][0]
    seen = [[made.is_seen(person, frame) for frame in range(made.COUNT)] for person in made.SEEN for _ in made.NAMES]
    assert ((residuals >= 0) == seen).all(), "residuals differ"


def c3d_reads(bench):
    with open(bench.export("made.c3d"), "rb") as file, warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "No analog data found")
        reader = c3d.Reader(file)
        assert [label.strip() for label in reader.point_labels] == labels()
        assert reader.point_rate == made.RATE and reader.analog_used == 0
        assert (reader.first_frame, reader.last_frame) == (1, made.COUNT)
        for place, (_, points, _) in enumerate(reader.read_frames()):
            for number, person in enumerate(made.SEEN):
                of_person = points[33 * number : 33 * number + 33]
                if made.is_seen(person, place):
                    close(of_person[:, :3] / 1000, list(made.body(person, place).values()), 1e-7)
                    assert (of_person[:, 3] == 0).all()
                else:
                    assert (of_person[:, 3] == -1).all()


CHECKS = {
    "TRC (trc-data-reader)": trc_data_reader,
    "TRC (OpenSim)": opensim_trc,
    "C3D, read and written again (ezc3d)": ezc3d_reads,
    "C3D (c3d)": c3d_reads,
}
