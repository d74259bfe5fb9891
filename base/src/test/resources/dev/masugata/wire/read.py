# Each line is a document in base64; the answer is what json.loads makes of it, or `refused`.
import base64, json, struct, sys


class Pairs(list):
    pass


def text(s):
    return "s" + s.encode("utf-16-be", "surrogatepass").hex()


def dump(value):
    if value is None:
        return "n"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float):
        return "d" + struct.pack(">d", value + 0.0).hex()
    if isinstance(value, Pairs):
        return "{" + ",".join(k + ":" + v for k, v in sorted((text(k), dump(v)) for k, v in value)) + "}"
    return "[" + ",".join(map(dump, value)) + "]"


def refuse(constant):
    raise ValueError(constant)


for line in sys.stdin:
    try:
        document = base64.b64decode(line).decode("utf-8")
        value = json.loads(document, object_pairs_hook=Pairs, parse_int=float, parse_constant=refuse)
        print(dump(value))
    except (ValueError, RecursionError):
        print("refused")
