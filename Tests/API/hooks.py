"""What the description can't say: which bytes are a picture, and which parameters go together."""

import pathlib
import re
import uuid

import schemathesis
from hypothesis import strategies

CLIP = pathlib.Path("clip.mp4").read_bytes()  # three frames of that photo
PHOTO = pathlib.Path("photo.jpg").read_bytes()  # 256 x 256 pixels; shows one person
TIME = re.compile(r"([0-9]{1,2}:){0,2}[0-9]{1,2}(\.[0-9]{1,3})?")
VIDEOS_OWN = set()  # parameters that /v1/video has and /v1/pose has not
PHOTOS_OWN = set()  # and the other way round
PHOTO_OUTPUTS = set()
REGION = re.compile(r"(-?[0-9.]+,){2}[1-9][0-9.]*,[1-9][0-9.]*")

photos = strategies.just(PHOTO)
for media_type in ("image/*", "application/octet-stream", "application/zip", "application/x-tar", "application/gzip"):
    schemathesis.openapi.media_type(media_type, photos)
schemathesis.openapi.format("binary", photos)
videos = strategies.just(CLIP)
schemathesis.openapi.media_type("video/*", videos)
schemathesis.openapi.format("video", videos)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """A form's fields are the query's parameters once more, and each may be given once: they are tried in the query."""
    for path, file in (("/v1/pose", "image"), ("/v1/video", "video")):
        form = raw_schema["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
        form["properties"] = {file: form["properties"][file]}
        if file == "video":
            form["properties"][file]["format"] = "video"
    paths = raw_schema["paths"]
    video = {parameter["name"] for parameter in paths["/v1/video"]["post"]["parameters"]}
    photo = {parameter["$ref"].split("/")[-1] for parameter in paths["/v1/pose"]["post"]["parameters"]}
    VIDEOS_OWN.update(video - photo)
    PHOTOS_OWN.update(photo - video)
    PHOTO_OUTPUTS.update(raw_schema["components"]["parameters"]["output"]["schema"]["enum"])
    # What a job's file is its content decides, and it is a photo.
    form = raw_schema["paths"]["/v1/jobs"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    form["properties"] = {"image": form["properties"]["image"] | {"minItems": 1}}
    form["additionalProperties"] = False
    form["required"] = ["image"]
    # It is a photo, too, and a media type has one kind of examples for all paths.
    del raw_schema["paths"]["/v1/video"]["post"]["requestBody"]["content"]["image/gif"]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Values that are right by themselves are made to fit each other and the photo; wrong ones stay as they are."""
    query = case.query or {}
    if case.path == "/v1/video":
        fit_video(query)
        if case.body == PHOTO:
            case.body = CLIP
    if case.path == "/v1/jobs" and case.method == "POST":
        fit_job(case, query)
    images = case.body.get("image") if isinstance(case.body, dict) else None
    if isinstance(images, list) and len(images) > 1 and query.get("output") in PHOTO_OUTPUTS:
        query["output"] = "json"  # many photos are answered so alone
    if query.get("background") == "none" and query.get("output") not in ("png", "webp"):
        query["background"] = "blur"  # a JPEG can't be seen through
    if is_number(query.get("person"), 0, 99):
        if query.get("output") == "mask":
            query["person"] = 0
        else:
            del query["person"]
    regions = query.get("region")
    if isinstance(regions, list) and regions and all(REGION.fullmatch(str(region)) for region in regions):
        query["region"] = ["0,0,256,400"]  # her hips are below the picture
    for name in ("minDetectionConfidence", "minTrackingConfidence"):
        if is_number(query.get(name), 0.5, 1):
            query[name] = 0.5


def fit_job(case, query):
    """Photos with what photos take; the folder that there is; nobody to be told."""
    for name in set(query) & (PHOTOS_OWN if case.body == CLIP else VIDEOS_OWN):
        del query[name]
    if case.body == CLIP:
        fit_video(query)
    query.pop("output", None)
    query.pop("webhook", None)
    if (case.headers or {}).pop("Idempotency-Key", None) is not None:
        # Two cases with one key and other options would be refused, and rightly; which cases share one is luck.
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
    if isinstance(case.body, dict) and isinstance(case.body.get("folder"), str):
        case.body["folder"] = "photos"


def fit_video(query):
    """Times that leave frames, and no masks of two passes."""
    for name in ("start", "duration"):
        if name in query and TIME.fullmatch(str(query[name])):
            query[name] = {"start": "0.0", "duration": "1:00"}[name]
    if query.get("smoothing") == "zero-lag" and str(query.get("passes")) == "1":
        del query["passes"]
    if query.get("smoothing") == "zero-lag" or str(query.get("passes")) == "2":
        for name in ("maskColor", "background"):
            query.pop(name, None)
        if query.get("output") == "mask":
            query["output"] = "mp4"


@schemathesis.hook
def filter_query(context, query):
    """Without negative numbers that a 32-bit one rounds to 0, which is within every range."""
    return not any(is_number(value, -1e-38, -5e-324) for value in (query or {}).values())


def is_number(value, least, most):
    try:
        return least <= float(value) <= most
    except (TypeError, ValueError):
        return False
