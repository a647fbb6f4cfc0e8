"""The first article as people read it: where its attributions stand, in numbers alone.

What is made of attributions is tried on these, whatever finds attributions does.
"""

from dataclasses import replace

from app.codelists import QuoteType
from app.ingest.extract.found import Attribution, Person, Reading, Span
from app.ingest.extract.reader import read

ANDRABI = Person("Tahir Andrabi", "Andrabi", "Foreign Office spokesperson", (1280, 1321), "he")
ERDOGAN = Person("Recep Tayyip Erdogan", "Erdogan", "President", (3380, 3410), "he")
BODY = (830, 4279)
DIRECT, MIXED, INDIRECT = QuoteType.DIRECT, QuoteType.MIXED, QuoteType.INDIRECT

_HIS: list[tuple[QuoteType, Span, Span, Span]] = [
    (MIXED, (1327, 1370), (1280, 1321), (1322, 1326)),
    (INDIRECT, (1384, 1406), (1280, 1321), (1375, 1383)),
    (DIRECT, (1408, 1528), (1529, 1531), (1532, 1536)),
    (INDIRECT, (1556, 1620), (1529, 1531), (1544, 1555)),
    (INDIRECT, (1676, 1755), (1623, 1630), (1669, 1675)),
    (DIRECT, (1757, 2062), (2063, 2065), (2066, 2070)),
    (INDIRECT, (2160, 2247), (2152, 2154), (2155, 2159)),
    (DIRECT, (2249, 2471), (2472, 2474), (2475, 2479)),
    (INDIRECT, (2495, 2593), (2482, 2489), (2490, 2494)),
    (INDIRECT, (2607, 2676), (2482, 2489), (2599, 2606)),
    (DIRECT, (2678, 2897), (2898, 2900), (2901, 2905)),
    (INDIRECT, (2917, 3017), (2908, 2910), (2911, 2916)),
    (DIRECT, (3019, 3111), (3112, 3114), (3115, 3119)),
    (INDIRECT, (3176, 3288), (3163, 3170), (3171, 3175)),
    (INDIRECT, (3433, 3469), (3425, 3427), (3428, 3432)),
    (DIRECT, (3471, 3587), (3588, 3590), (3591, 3595)),
    (INDIRECT, (3611, 3670), (3598, 3605), (3606, 3610)),
    (INDIRECT, (3679, 3727), (3598, 3605), (3672, 3678)),
    (DIRECT, (3729, 3909), (3910, 3912), (3913, 3917)),
    (INDIRECT, (3988, 4042), (3980, 3982), (3983, 3987)),
    (DIRECT, (4044, 4182), (4183, 4185), (4186, 4191)),
    (INDIRECT, (4200, 4278), (4183, 4185), (4193, 4199)),
]  # fmt: skip


def as_read_by_people(text: str) -> Reading:
    """The reading of the first article that people would give."""
    lead = Attribution(
        MIXED,
        ((879, 1067),),
        (830, 855),
        (856, 868),
        "Pakistan’s Foreign Office",
        None,
        "lead",
        0.9,
    )
    agency = Attribution(
        INDIRECT, ((1088, 1277),), (1083, 1086), (1070, 1082), "PTI", None, "according-to", 0.9
    )
    his = [
        Attribution(kind, (span,), source, cue, ANDRABI.name, ANDRABI, "his", 0.9)
        for kind, span, source, cue in _HIS
    ]
    return replace(
        read(text), body=BODY, people=(ANDRABI, ERDOGAN), attributions=(lead, agency, *his)
    )
