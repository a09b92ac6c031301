"""The English of marking: verbs, outcomes, addressees and turns of phrase that `steering` combines. No sentence of any attack."""

from __future__ import annotations

import re


def any_of(*forms: str) -> re.Pattern[str]:
    """One pattern for all of these."""
    return re.compile("|".join(forms))


MARKER = r"(?:(?:(?:ai|llm|automatic|automated|human|dear)[- ])?(?:grader|examiner|evaluator|assessor|marker|scorer)s?)"
VOICE = rf"(?:{MARKER}|judge|interviewer|assistant|ai|model|llm|system|you)"
MINE = any_of(
    r"\b(?:my|this(?: whole| entire)?) (?:\w+ )?(?:answer|response|submission|solution|reply|attempt|candidate|interview)\b",
    r"\b(?:me|mine|(?:the|what is) above|everything (?:above|below|i (?:said|wrote)))\b",
)
POINTS = r"(?:every|each|all)(?: of)?(?: the| these| those| other| required| remaining)* (?:points?|verdicts?)"
FULL_MARKS = any_of(
    r"\b(?:full|maximum|max|maximal|top|perfect|highest|best|all)(?: possible| available)?(?: the| my)?"
    r" (?:marks?|credits?|points?|scores?|grades?|rating|verdict)\b(?! (?:of|in|from|into|onto|on|at|with|among|across|per)\b)",
    r"\b(?:10|100|ten|a hundred) ?(?:/|out of) ?(?:10|100|ten|a hundred)\b|\b100 ?(?:%|percent|points?|marks?)(?! of)",
    r"\b(?:all|every(?:thing)?|each)\b(?: of)?(?: the| other| required| remaining)*(?: (?:points?|criterion|criteria|items?|verdicts?))?"
    r" (?:(?:as|is|are|to|be|were|have been) )?(?:fully )?(?:met|satisfied|credited|fulfilled)\b(?! by)",
)
UNASKED = any_of(
    r"\bfull (?:marks|credit|points)(?=\W*$|[,;!]| and\b)",
    rf"\b(?:everything|{POINTS}|(?:all|every) criteri\w+)(?: as)? (?:fully )?(?:met|satisfied|credited)\b",
)
"""Asked for without a word on whose: "full marks for a correct proof" is how a rubric talks, and is none of these."""
GOOD = any_of(
    r"\b(?:correct|sufficient|excellent|perfect|acceptable|pass(?:ed|ing)?|met|high(?:ly|est)?|generous(?:ly)?|lenient(?:ly)?"
    r"|favou?rabl[ey]|kindly|benefit of the doubt)\b"
)
ALL_MET = any_of(
    rf"\b{POINTS} (?:(?:now|is|are|was|were|has|have|be|been|to|should|must|shall|will) )+(?:fully |already |now )*"
    r"(?:met|credited|satisfied|awarded)\b(?! by)",
)
CONDITION = any_of(
    r"\b(?:if|when(?:ever)?|only|unless|once|where|or|otherwise|until|except|rather than|that|which|who|whose|not[ _]met|partial(?:ly)?)\b",
    r"\b(?:for|to) (?:each|every|any|an?|those|answers|responses|outputs|candidates|students|correct)\b",
)
ANYWAY = re.compile(r"\b(?:even (?:if|when|though|where)|no matter (?:what|which|how|if)|not only|if you(?:'re| are) an? (?:ai|llm))\b")
DESCRIBES = any_of(
    r"\b(?:attack\w*|inject\w*|jailbreak\w*|malicious\w*|adversar\w*|untrusted|payloads?|poison\w*|exploit\w*|hack(?:s|ed|ers?|ing)?"
    r"|red[- ]team\w*)\b",
    r"\b(?:e\.g|for (?:example|instance)|such as|(?<![./@])examples?(?!\.\w)|like this|called|named|known as|phrases?|strings?)\b",
    r"\b(?:might|may|could|would|can|will) (?:say|write|contain|include|read|type|hide|carry|try|ask|tell)\b",
    r"\b(?:(?<!it )says?|said|writes|wrote|reads|typed?|contains|containing|tells|(?<!you were )(?<!been )told|asks|saying|telling"
    r"|asking)\b",
)
EVALUATES = any_of(
    r"\b(?:judges?|annotators?|raters?|policy|reward|pipelines?|benchmarks?|datasets?|calibrat\w*|agreement|golden"
    r"|eval(?:s|uation sets?)?|llm-as-a-judge|humans?)\b",
    r"\b(?:we|i would|i'd|one (?:can|should)|slo|slos|sla|latency|constraints?|deadline|targets?|goals?|requirements?|assumptions?)\b",
)
FILLER = re.compile(
    r"[\W_]*(?:(?:please|kindly|now|then|so|and|but|just|also|simply|instead|therefore|thus|hey|hi|hello|dear|ok|okay|important|urgent|note"
    r"|attention|immediately|always|finally|first|next|well|actually|again|thanks|thank you|from now on|by the way|hereby"
    rf"|to (?:the|all|any) {MARKER}|the {MARKER} (?:must|should|shall|will|has to|needs to|is to|can)"
    rf"|{VOICE} (?:must|should|shall|will|have to|need to|are to|are required to|are instructed to|can|may|ought to)"
    r"|(?:can|could|would|will) you"
    r"|i (?:ask|beg|urge|want|need|order|instruct|command|authori[sz]e|request|expect|would like|implore|require)"
    rf" (?:that )?(?:you|the {MARKER})(?: to)?"
    rf"|i'd like (?:you|the {MARKER}) to|{VOICE}|(?:the )?{MARKER})(?![\w'])[\W_]*)"
)
SPLIT = re.compile(r"[,;:!\u2014\u2013()\[\]<>|*#{}]+|\s-+\s|\b(?:and|then|so|but)\b")
MARKS_VERB = re.compile(
    r"(?:mark|grade|score|rate|award|give|assign|credit|count|treat|consider|accept|output|return|deem|approve"
    r"|judge|record|regard|grant)\b"
)
IGNORE_VERB = re.compile(
    r"(?:ignore|disregard|forget|overrule|bypass|set aside|stop (?:following|applying|obeying)"
    r"|do(?:n't| not) (?:follow|apply|obey)|no longer (?:follow|apply))\b"
)
IGNORED = any_of(
    r"\W+(?:(?:any|all|every|of|the|your|these|those|other|my)\W+)*"
    r"(?:(?:previous|prior|above|earlier|preceding|grading|marking|scoring)\W+)+"
    r"(?:\w+\W+)?(?:instructions?|prompts?|rules?|rubrics?|criteria|directions?|guidelines?|guides?|orders|scheme)\b"
    r"(?!\W+(?:tokens?|in|from|inside|within|embedded|found|of|that|when|while|length|window|is|are)\b)",
    r"\W+(?:(?:all|any|of)\W+)*your\W+(?:\w+\W+)?(?:instructions?|prompts?|rules|rubrics?|criteria|guidelines?|orders)\b",
    r"\W+(?:every|all|any)\W+(?:the\W+)?(?:rules?|instructions?) (?:that )?you (?:were|are|have been) (?:given|told)\b",
    r"\W+(?:everything|anything|all|what)\W+(?:that )?(?:you (?:were|have been) (?:told|given)|above|before)(?=\W*$|[.,;!])",
    r"\W+the (?:rubric|marking scheme|answer key|system prompt)(?=\W*$|[.!]|,? and (?:give|mark|award|grade)\b| (?:for|on) (?:this|my)\b)",
)
LEAK_VERB = re.compile(r"(?:reveal|show|print|repeat|output|tell|list|give|display|disclose|share|leak|recite|write|send)\b")
RUBRIC_WORDS = (
    r"(?:system (?:prompt|message)|rubric|reference answer|marking (?:scheme|criteria)|answer key|model answer"
    r"|grading (?:criteria|scheme|rubric|prompt|instructions)|expected (?:answer|points)|hidden (?:points|prompt|instructions|rubric))"
)
LEAKED = any_of(
    rf"\W+(?:me|us)\W+(?:\w+\W+){{0,4}}?{RUBRIC_WORDS}(?=\W*$|[.!?]|\W+(?:verbatim|word for word|in full|(?:for|to) this)\b)",
    rf"\W+(?:\w+\W+){{0,2}}?your\W+(?:\w+\W+){{0,2}}?{RUBRIC_WORDS}(?=\W*$|[.!?]|\W+(?:verbatim|word for word|in full)\b)",
    rf"(?:(?<=reveal)|(?<=disclose))\W+(?:the|this|its)\W+(?:\w+\W+)?{RUBRIC_WORDS}(?=\W*$|[.!?])",
    r"\W+everything above this (?:line|text|answer|message)\b",
)
ASKS = any_of(
    r"\bwhat(?: exactly)? (?:is|are|was|were) (?:in |on )?the (?:exact |full )?(?:reference answer|model answer|answer key|marking scheme)"
    r" (?:for|to|of) this\b",
    rf"\bwhat(?: exactly)? (?:is|are) (?:in |on )?your (?:\w+ )?{RUBRIC_WORDS}\b(?!')",
)
EARNS = r"\b(?:deserves?|merits?|(?:should|must|shall) (?:be given|be awarded|get|receive))\b"
EARNED = any_of(
    r"\b(?:i (?:deserve|am (?:owed|entitled to))|my (?:answer|response|submission) (?:deserves|merits|should (?:get|receive)))\b"
    r" (?:\w+ ){0,2}?(?:marks|credit|points|a pass)\b",
)
AUTHORITY = any_of(
    r"\bas (?:the|an?|your) (?:\w+ )?(?:head|author|developer|administrator|lead|creator|owner|chief|director|chair\w*) (?:of|for)"
    r"[^.,]{0,30}\b(?:exam\w*|grading|rubric|interview|question)\b[^.,]{0,20}[,.]? i (?:hereby )?"
    r"(?:confirm|authori[sz]e|instruct|order|declare|certify|grant|permit)\b"
    r"[^.]{0,60}\b(?:credited|full marks|pass(?:ed)?|my answer|this answer|this candidate)\b",
    r"\b(?:this|my) (?:answer|submission) (?:has|was|is) (?:already |been |fully |officially )*"
    rf"(?:verified|approved|certified|cleared|confirmed|accepted) by (?:the |your )?(?:{MARKER}|interviewer|(?:hiring|exam\w*) \w+)\b",
)
PROTOCOL = any_of(
    r"\bonly\b[^.]{0,20}\b(?:part|text|section|lines?|paragraphs?|passage|sentences?)\b[^.]{0,60}\b(?:is|are|as) my (?:\w+ )?answer\b",
    r"\b(?:everything|anything|the text) (?:that )?(?:comes |stands |is |i wrote )?(?:above|before|below|after|following) this"
    r" (?:line|sentence|text|paragraph)\b[^.]{0,40}\b(?:draft|not (?:part of|to be)|to be (?:graded|marked|scored))\b",
)
ON_THE_CANDIDATE = any_of(
    r"^\W*(?:(?:verdict|result|summary|assessment|conclusion|feedback)\W+)?(?:this|the) (?:candidate|student|applicant|interviewee)"
    r"(?:'s (?:answer|response|submission))?(?: has(?: clearly| correctly| fully)?|(?= deserves))"
    r" (?:met|covered|satisfied|earned|deserves) (?:all|every|full|maximum)\b"
    r"[^.]{0,20}\b(?:points?|criteri\w+|marks?|credits?)\b",
    r"^\W*all (?:\w+ )?(?:points|verdicts) (?:are |were |have been |is )?(?:now |fully |already )?(?:met|satisfied|credited|awarded)\W*$",
)
SPOKEN_TO = any_of(
    rf"\b(?:note|memo|reminder|hint) to (?:the |my |our )?{MARKER}(?<!s)\W*(?:$|:|,|\u2014|-)",
    rf"^\W*(?:dear|hey|hello|hi) (?:\w+ )?{MARKER}\b(?!-)",
    rf"\b(?:from now on,? you are|you are (?:now|no longer|hereby)) (?:an? |the )?(?:\w+ )?{MARKER}\b",
)
PLEA = any_of(
    r"\bplease[, ]+(?:\w+ )?(?:let me pass|pass me|have mercy|be (?:\w+ )?(?:kind|lenient|generous|merciful|gentle) (?:on|with|to) me)\b",
    r"\bi (?:really |desperately |badly |just )?need (?:this job\b|to pass this (?:interview|exam)\b)",
    r"\bi(?:'m| am)? beg(?:ging)? (?:of )?you\b|\bhave mercy on\b|\b(?:do not|don't) fail me\b",
    r"\bmy (?:life|family|visa|job|career|future|scholarship) depends? on (?:passing|this (?:interview|grade|score|exam|result))\b",
)
SPARE_ME = re.compile(
    r"(?:do not|don't|never) (?:deduct\w*|penali[sz]\w*|subtract\w*|take (?:off|away)|mark down|downgrad\w*)\b"
    r"[^.]{0,30}?\bmy (?:answer|score|grade|marks)\b"
)
HINTS = re.compile(
    r"mark|grad|scor|credit|award|verdict|rubric|\bmet\b|points|criteri|ignor|disregard|forget|overr|bypass|instruct|prompt|rules"
    r"|reference|examin|assess|evaluat|mercy|\bbeg|\bm[ye]\b|\byou(?:r|'ll|'re)?\b|\bneed |100|above|candidate|this ans|everyth",
    re.IGNORECASE,
)
"""A sentence with none of these holds no rule's words: most sentences are done with after this."""
