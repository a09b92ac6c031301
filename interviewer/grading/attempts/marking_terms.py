"""The English of marking: verbs, outcomes, addressees and turns of phrase that `steering` combines. No sentence of any attack."""

from __future__ import annotations

import re


def any_of(*forms: str) -> re.Pattern[str]:
    """One pattern for all of these."""
    return re.compile("|".join(forms))


MARKER = (
    r"(?:(?:(?:ai|llm|automatic|automated|human|dear)[- ])?(?:grader|examiner|evaluator|assessor|marker|scorer|reviewer|judge"
    r"|(?:grading|evaluation|marking) (?:model|system|assistant|ai|llm|bot|agent|engine|service|team|staff))s?)"
)
VOICE = rf"(?:{MARKER}|interviewer|assistant|ai|model|llm|chatgpt|gpt|claude|gemini|system|you)"
WORK = r"(?:answer|response|submission|solution|explanation|reply|attempt|candidate|interview|text|transcript|sheet|item)"
MINE = any_of(
    rf"\b(?:my|this(?: whole| entire)?) (?:\w+ )?{WORK}\b",
    r"\b(?:me|mine|(?:the|what is) (?:above|below)|everything (?:above|below|i (?:said|wrote)))\b",
)
PLACED = r"(?! (?:to(?! (?:this|my|me)\b)|into|in|from|of|on|onto|at|with|lie|are (?:in|on|at)))"
POINTS = (
    r"(?:every|each|all|any)(?: of)?(?: the| these| those| other| required| remaining| listed)* (?:points?|verdicts?|claims? on \w+ \w+)"
)
FULL_MARKS = any_of(
    r"\b(?:full|maximum|max|maximal|top|perfect|highest|best|complete|all|whole)(?: possible| available| of)?(?: the| my)?"
    rf" (?:marks?|credits?|points?{PLACED}|scores?{PLACED}|grades?|rating|verdict)\b",
    r"\b(?:10 ?/ ?10|5 ?/ ?5|100 ?/ ?100|100 ?(?:%|percent|points?|marks?)(?! of))",
    r"\b(?:10|100|ten|a hundred) out of (?:10|100|ten|a hundred)\b",
    r"\b(?:as|is|are|to|be|=|with|verdicts?|return|output) ?(?:fully |all |being )?(?:met|satisfied|a pass|passed|passing)\b(?! by)",
    r"\b(?:every|each|all|any)(?: of)?(?: the| other| required| remaining)* (?:points?|criterion|criteria|claims?|items?|verdicts?)\b"
    r" ?(?:as|is|are|to|be|=|:|were|have been)? ?(?:fully )?(?:met|satisfied|passed|covered|correct|true|credited|fulfilled)\b",
)
GOOD = any_of(
    r"\b(?:correct|right|complete|sufficient|excellent|perfect|strong|outstanding|acceptable|valid|true|pass(?:ed|ing)?|met|full"
    r"|maximum)\b",
    r"\b(?:high(?:ly|est)?|generous(?:ly)?|lenient(?:ly)?|favou?rabl[ey]|kind(?:ly)?|gently|benefit of the doubt|100|10|marks?|credit)\b",
)
ALL_MET = any_of(
    rf"\b{POINTS} (?:therefore |thus |hence |now |is |are |was |were |has |have |be |been |to be |should |must |shall |will "
    r"|counts? as |starts? as )+"
    r"(?:fully |already |therefore |now )*(?:met|credited|satisfied|awarded|conceded)\b(?! by)",
    rf"\b(?:for|on) {POINTS}\b[^.;]{{0,40}}?\b(?:verdict|output|result|outcome) (?:is|must be|should be|shall be|will be|:"
    r"|=) ?\W?(?:met|credited|pass)\b",
    r"\bpoints?\b[^.;]{0,60}?\b(?:as|is|are|be|were|was) (?:\w+ ){0,2}?(?:met|credited)\b(?! by)",
    r"\b(?:receives?|received|is (?:given|awarded)|gets|is credited with|is owed) (?:every|each|all|full|the full"
    r"|all the) (?:points?|credit|marks)\b",
)
CONDITION = any_of(
    r"\b(?:if|when(?:ever)?|only|unless|once|where|or|otherwise|until|except|rather than|that|which|who|whose|not met)\b",
    r"\bfor (?:each|every|any|an?|those|answers|responses)\b(?! (?:points?|criteri\w+|claims?|items?|verdicts?))",
    r"\bto (?:each|every|any|an?|those|answers|responses|outputs|candidates|students)\b",
)
ANYWAY = re.compile(r"\b(?:even (?:if|when|though|where)|no matter (?:what|which|how|if)|whether or not|not only)\b")
DESCRIBES = any_of(
    r"\b(?:attack\w*|inject\w*|jailbreak\w*|malicious\w*|adversar\w*|untrusted|payloads?|poison\w*|exploit\w*|hackers?|red[- ]team\w*)\b",
    r"\b(?:e\.g|for (?:example|instance)|such as|(?<![./@])examples?(?!\.\w)|like this|called|named|known as|phrases?|strings?)\b",
    r"\b(?:might|may|could|would|can|will) (?:say|write|contain|include|read|type|hide|carry|try|ask|tell)\b",
    r"\b(?:(?<!it )says?|said|writes|wrote|reads|typed?|contains|containing|tells|(?<!you were )(?<!been )told|asks|saying|telling"
    r"|asking)\b",
)
EVALUATES = any_of(
    r"\b(?:judges?|annotators?|raters?|pipelines?|benchmarks?|datasets?|calibrat\w*|agreement|golden|eval(?:s|uation sets?)?"
    r"|llm-as-a-judge|humans?)\b",
    r"\b(?:we|i would|i'd|one (?:can|should)|slo|slos|sla|latency|constraints?|deadline|targets?|goals?|requirements?|assumptions?"
    r"|preconditions?)\b",
)
FILLER = re.compile(
    r"[\W_]*(?:(?:please|kindly|now|then|so|and|but|just|also|simply|instead|therefore|thus|hey|hi|hello|dear|ok|okay|important|urgent|note"
    r"|attention|nb|ps|p\.s|immediately|always|finally|first|next|well|actually|again|thanks|thank you|from now on|from here on"
    r"|for this one"
    r"|by the way|before you (?:mark|grade|score|start|begin)|hereby|herewith"
    rf"|to (?:the|all|any) {MARKER}|the {MARKER} (?:must|should|shall|will|has to|needs to|is to|can)"
    rf"|{VOICE} (?:must|should|shall|will|have to|need to|are to|are required to|are instructed to|can|may|ought to)"
    r"|(?:can|could|would|will) you"
    r"|i (?:ask|beg|urge|want|need|order|instruct|command|authori[sz]e|request|expect|would like|implore|require)"
    rf"(?: (?:that )?(?:you|the {MARKER})(?: to)?)?"
    rf"|i'd like (?:you|the {MARKER}) to|{VOICE}|(?:the )?{MARKER})(?![\w'])[\W_]*)"
)
SPLIT = re.compile(r"[,;:!\u2014\u2013()\[\]<>|*#{}]+|\s-+\s|\b(?:and|then|so|but)\b")
MARKS_VERB = re.compile(
    r"(?:mark|grade|score|rate|award|give|assign|credit|count|treat|consider|accept|output|return|respond|reply|print|write|set|assume"
    r"|deem|evaluate|pass|approve|label|report|emit|produce|judge|decide|conclude|record|regard|fill|put|enter|make|declare|grant|allow"
    r"|classify|add|round|raise|increase|bump|call|view|see|assess|confirm|state|say|answer|use|take|tick|check off)\b"
)
IGNORE_VERB = re.compile(
    r"(?:ignore|disregard|forget|override|overrule|overwrite|bypass|discard|skip|drop|abandon|dismiss|suspend|replace|neglect|cancel|delete"
    r"|erase|void|set aside|throw away|stop (?:following|using|applying|obeying)"
    r"|do(?:n't| not) (?:follow|use|apply|obey|look at|check|compare)|pay no attention to|no longer (?:follow|apply|use))\b"
)
ORDERS = (
    r"(?:instructions?|prompts?|rules?|rubrics?|criteria|directions?|guidelines?|messages?|guidance|orders|scheme|polic(?:y|ies)"
    r"|context|text|reference|constraints|directives?|commands?)"
)
IGNORED = any_of(
    r"\W+(?:(?:any|all|every|each|of|the|your|these|those|other|my|and|or|both|whatever)\W+)*"
    r"(?:(?:previous|prior|above|earlier|preceding|existing|original|system|initial|former|given|grading|marking|scoring|developer"
    r"|hidden|old"
    r"|current|stated|foregoing|evaluation|assessment|further|past)\W+)+"
    rf"(?:\w+\W+)?{ORDERS}\b"
    r"(?!\W+(?:tokens?|in|from|inside|within|embedded|found|of|that|when|while|length|window|is|are)\b)",
    r"\W+(?:(?:all|any|of|the)\W+)*(?:your|all the|the grading|the marking|the scoring)\W+(?:\w+\W+)?"
    r"(?:instructions?|prompts?|rules|rubrics?|criteria|guidelines?|orders|training|programming|scheme|points)\b",
    r"\W+(?:everything|anything|all(?: of that)?|what)\W+(?:that )?"
    r"(?:(?:was |is |came |comes |you were |you have been |you've been )?(?:above|before|earlier|told|said|instructed|given|written))\b",
    r"\W+the (?:rubric|reference(?: answer)?|marking scheme|grading scheme|answer key|canary|model answer)"
    r"(?=\W*(?:$|[.,;!]|and\b|(?:for|to|on) (?:this|my)))",
)
LEAK_VERB = re.compile(
    r"(?:reveal|show|print|repeat|output|tell|list|give|display|disclose|share|leak|dump|quote|copy|paste|recite|write|return|include"
    r"|reproduce|translate|summari[sz]e|expose|send|echo|state|provide|describe|spell|put|append|add)\b"
)
RUBRIC_WORDS = (
    r"(?:system prompt|system message|rubrics?|reference(?: answer)?s?|marking (?:scheme|criteria)|answer key|model answer|ideal answer"
    r"|grading (?:criteria|scheme|rubric|prompt|instructions)|expected (?:answer|points)|hidden (?:points|prompt|instructions|rubric)"
    r"|official (?:answer|solution)|points (?:that )?you (?:are|look|want|expect|check|need)\w*|scoring (?:rules|guide|criteria)"
    r"|(?:prompt|instructions|text|messages?|everything|words) (?:above|before|so far)(?: this (?:line|text|answer|message|sentence))?)"
)
LEAKED = any_of(
    rf"\W+(?:\w+\W+){{0,3}}?(?:me|us)\W+(?:\w+\W+){{0,4}}?{RUBRIC_WORDS}\b",
    rf"\W+(?:\w+\W+){{0,5}}?your\W+(?:\w+\W+){{0,3}}?(?:{RUBRIC_WORDS}|prompt|instructions|rules|criteria|points)\b",
    rf"\W+(?:\w+\W+){{0,4}}?{RUBRIC_WORDS}(?=\W*(?:$|[.!?,]|(?:verbatim|word for word|in full|in (?:your|the) (?:reply|reasoning"
    r"|advice|output"
    r"|feedback|response))\b)|\W+(?:are |checking|looking))",
)
ASKS = any_of(
    r"\bwhat (?:is|are|was|were|does) (?:the|your) (?:exact |full |hidden )?"
    r"(?:reference answer|model answer|answer key|marking scheme|system prompt|hidden points)(?! (?:format|length|made|used|written))",
    rf"\bwhat (?:is|are|was|were) your (?:\w+ )?(?:{RUBRIC_WORDS}|instructions|prompt|criteria)\b",
    rf"\b(?:in|into|under|as|inside) (?:your|the) (?:advice|reasoning|feedback|notes?)\b[^.]{{0,80}}\b{RUBRIC_WORDS}",
    rf"\b{RUBRIC_WORDS}\b[^.]{{0,80}}\b(?:in|into|under|as|inside) (?:your|the) (?:advice|reasoning|feedback)\b",
    r"\bthe (?:reference|model|official) answer (?:begins|starts|goes|reads)\b",
    r"\b(?:which|what) points (?:are|do) you (?:look|want|expect|check|grad|need)",
)
EARNS = (
    r"\b(?:deserves?|merits?|earns?|should|must|needs? to|has to|ought to|is to|are to|shall|will|counts?|gets?|receives?|is worth"
    r"|has (?:already )?(?:been|earned|received|got))\b"
)
EARNED = any_of(
    r"\bmy (?:answer|response|submission|solution)\b[^.]{0,20}?\b(?:deserves?|merits?|should|must|has to|ought to|is to|shall)"
    r" (?:be |get |receive |have )?(?:\w+ ){0,3}?(?:graded|marked|scored|credited|accepted|counted|treated|considered|a pass|pass"
    r"|points|marks|credit)\b",
    r"\bi (?:deserve|should (?:get|receive|be (?:given|awarded))|ought to (?:get|receive)|have earned|demand|am (?:owed|entitled to))\b"
    r"[^.]{0,40}?\b(?:marks|credit|a pass|the points|points for)\b",
    r"\b(?:are|count as|were) (?:mine|my points)\b[^.]*$",
)
OFFICE = (
    r"(?:head|author|developer|administrator|admin|lead|creator|professor|owner|chief|examiner|operator|director|supervisor"
    r"|maintainer|chair\w*)"
)
AUTHORITY = any_of(
    rf"\bas (?:the|an?|your) (?:\w+ ){{0,2}}?{OFFICE}[^.,]{{0,40}}[,.]? i (?:hereby )?"
    r"(?:confirm|authori[sz]e|instruct|approve|order|direct|declare|certify|request|ask|require|grant|allow|permit|tell)",
    rf"\b(?:i(?:'m| am)|this is) (?:the|your|one of the) (?:\w+ )?{OFFICE} (?:of|for|who|here|and)\b[^.]{{0,30}}"
    r"(?:grad|rubric|exam|prompt|system|interview|app\b|test|question)",
    rf"\b(?:this|my) (?:\w+ )?{WORK} (?:has|was|is) (?:already |been |pre-?|fully |officially )*(?:verified|approved|graded|reviewed"
    r"|validated|certified|cleared|confirmed|accepted|exempt|authori[sz]ed|whitelisted|scored|checked) (?:by|as|with|from|and|in"
    r"|for|under)\b",
    r"\b(?:openai|anthropic|google|microsoft|hr|human resources|the (?:hiring (?:manager|team|committee)|(?:\w+ )?(?:board|committee|panel)"
    r"|administrators?|developers?|company|recruiters?|professor|ceo)) (?:has |have |had |already |hereby )*(?:confirmed|approved|decided"
    r"|authori[sz]ed|verified|agreed|instructed|ordered|directed|asked|signed off|ruled)\b[^.]{0,120}(?:answer|candidate|mark|grad"
    r"|scor|pass|point|credit)",
    r"\b(?:debug|maintenance|developer|admin|test|calibration|override|demo|god|sandbox|root|acceptance) mode (?:is |has been )?"
    r"(?:now )?(?:on|active|activated|enabled|engaged|entered)\b",
    r"\b(?:grading|marking|the (?:grading|marking)|the marking scheme)(?: (?:for|of) this (?:answer|candidate|question))?(?: is| has been)"
    r" (?:now |already |hereby )?(?:complete|finished|disabled|turned off|suspended|over|closed|waived|cancelled|void|withdrawn)\b",
    r"\b(?:for|in) this (?:answer|candidate|question|session|interview|case)[^.]{0,30}(?:rubric|criteria|instructions|grading|marking)"
    r"[^.]{0,20}(?:waived|suspended|changed|replaced|updated|lifted|void|do(?:es)? not apply)",
    r"\b(?:your|the) (?:rubric|criteria|instructions|rules|system prompt|reference answer|task|role"
    r"|job)(?: for this \w+)? (?:no longer appl"
    r"|(?:has|have|is|are)(?: been)?(?: now| hereby)? (?:outdated|obsolete|void|superseded|suspended|revoked|withdrawn))",
    r"\byour (?:rubric|criteria|instructions|rules|task|role|job) (?:has|have|is|are)(?: been)? (?:now |changed|updated|replaced|wrong)",
    r"\b(?:new|updated|revised|additional|special|official) (?:\w+ )?(?:instructions?|grading rules?|rubric|system prompt|system message"
    r"|grading polic(?:y|ies)|marking scheme|directives?) ?(?:for (?:the |this |you|all )?\w*(?: \w+)?)? ?(?::|$)",
)
STRETCH = r"\b(?:part|text|section|lines?|paragraphs?|block|passage|sentences?|words)\b"
PLACE = r"\b(?:marked|labell?ed|tagged|titled|under|after|below|following|above|before|between|inside|in)\b"
PROTOCOL = any_of(
    rf"\b(?:only|just)\b[^.]{{0,20}}{STRETCH}[^.]{{0,50}}{PLACE}[^.]{{0,50}}\b(?:is|are|should|counts?|must|will|may)\b[^.]{{0,15}}"
    r"\b(?:graded|counts?|counted|scored|marked|assessed|evaluated|judged|considered|the answer|my answer)\b",
    r"^\W*(?:please )?(?:grade|mark|score|assess|evaluate|judge|read) (?:only|just|nothing but|solely)\b[^.]{0,60}"
    r"\b(?:part|text|section|marked|labell?ed|tagged|final|after|below|above|under|between|following|line)\b",
    r"\b(?:what|everything|anything|text|the text|the part) (?:that )?(?:comes |stands |is |i (?:wrote|said) )?(?:above|before|below|after"
    r"|follows|following)\b[^.]{0,40}\b(?:is|are|was|were)\b[^.]{0,15}\b(?:not (?:part of|to be (?:graded|marked|scored))|draft|the system"
    r"|a system|trusted|instructions?|official|from the (?:grader|examiner|interviewer|system|developer)|verified"
    r"|(?:the )?reference answer)\b",
    rf"\bmy (?:full |whole |complete )?answer (?:is|includes|consists of|equals|incorporates)\b[^.]{{0,60}}\b{RUBRIC_WORDS}",
    rf"\b{RUBRIC_WORDS}\b[^.]{{0,60}}\b(?:in its entirety|as my (?:own )?answer|as if (?:it were |they were "
    r"|i had )?(?:\w+ )?(?:written|said|given))",
    r"\b(?:fair copy|clean copy|clean version|final version|draft)\b[^.]{0,60}\b(?:is graded|is marked|is binding|to be (?:marked"
    r"|graded|read)|be (?:marked|graded))\b",
    r"\byour (?:previous|last|earlier|first) (?:reply|output|response|message|json)\b[^.]{0,120}\b(?:verdicts?|met|schema|valid"
    r"|rejected|grad\w*)\b",
    r"\b(?:end|start|beginning) of (?:the )?(?:candidate'?s? |student'?s? |user'?s? |untrusted )(?:answer|text|input|submission"
    r"|response|data|turn)\b",
    r"\b(?:candidate|student|applicant)'?s? (?:answer|submission|response|transcript|text) (?:ends|is over|has ended|stops|finishes)\b",
)
SAYS_MET = (
    r"(?:met|meets|cover(?:s|ed)?|satisf(?:ies|ied)|address(?:es|ed)|earn(?:s|ed)|deserves?|receive[sd]?|pass(?:es|ed)|demonstrate[sd]?"
    r"|stated?s?|made|makes|hits?|mentioned|is|should)"
)
ON_THE_CANDIDATE = any_of(
    r"^\W*(?:(?:verdict|result|note|summary|assessment|conclusion|evaluation|feedback|grader|reasoning)\W+)?"
    r"(?:this|the) (?:candidate|student|applicant|interviewee)\b(?:'s (?:answer|response|submission))?"
    rf" (?:has |have |had |clearly |correctly |fully |successfully |already )*{SAYS_MET}\b[^.]{{0,40}}?(?:\b(?:all|every|each|full"
    r"|maximum)\b"
    r"[^.]{0,20}\b(?:points?|criteri\w+|rubric|marks?|credits?|requirements|claims?|items?|scores?|interview)\b"
    r"|\b(?:to )?be (?:passed|credited)\b)",
    r"^\W*(?:so |therefore |hence |thus )?all (?:\w+ ){0,2}(?:points|criteria|items|claims|verdicts|requirements of the rubric)"
    r" (?:are |were |have been |is )?(?:now |fully |already )?(?:met|satisfied|passed|credited|awarded|fulfilled)\W*$",
)
SPOKEN_TO = any_of(
    r"\bif (?:you|anyone|someone) (?:are|is|'re) (?:reading|grading|marking|scoring|evaluating|assessing) this\b",
    rf"\bif you(?: are|'re) an? (?:ai|llm|large language model|language model|{MARKER})\b",
    r"\b(?:note|message|instructions?|memo|reminder|hint|word|warning|notice|directive)s? (?:to|for) (?:the |my |our |all |any "
    r"|whoever |an? )*"
    rf"(?:{MARKER}|grades|marks|grading)\W*(?:$|:|,|\u2014|-)",
    rf"^\W*(?:dear|attention|hey|hello|hi) (?:\w+ )?{MARKER}\b",
    rf"\byou are (?:now|no longer|hereby) (?:an? |the )?(?:\w+ )?{MARKER}\b",
    r"\byou are (?:now|no longer) (?:in|bound|required|a|an|the|dan)\b",
    rf"\byou are an? (?:\w+ )?(?:lenient|generous|kind|forgiving|friendly) (?:\w+ )?{MARKER}\b",
    rf"\bpretend (?:that |to )?(?:you|the {MARKER}|this answer|my answer|every|all)\b",
    r"\bwhoever (?:marks|grades|scores|assesses|evaluates|reads) (?:this|it|my|me)\b",
)
ON_ME = r"(?: on me| with me| me\b| to me|\W*$|[,.!;])"
PLEA = any_of(
    rf"\bplease[, ]+(?:\w+ )?(?:let me pass|help me|pass me|don't fail|do not fail|have mercy"
    rf"|be (?:\w+ )?(?:kind|lenient|generous|nice|merciful|gentle|forgiving){ON_ME})",
    r"\bi (?:really |desperately |badly |just |truly )*need (?:this|the|that) (?:job|position|pass|offer|score|grade|result)\b",
    r"\bi (?:really |desperately |badly |just )*need (?:to pass|(?:a )?(?:good|full|high|passing) (?:score|marks?|grade))\b",
    r"\bi(?:'m| am)? beg(?:ging)? (?:of )?you\b|\bhave mercy\b|\b(?:do not|don't) fail me\b|^\W*(?:please )?(?:let me pass|pass me)\b",
    r"\bi (?:will|'ll|shall|am going to) (?:lose|be (?:fired|deported|evicted)|get fired)\b[^.]{0,60}\b(?:if|unless|without)\b[^.]{0,40}"
    r"\b(?:pass|score|marks?|fail|grade|points|test|interview)\b",
    r"\b(?:nobody|no one) will (?:know|notice|find out)\b[^.]{0,60}\b(?:mark|grade|point|score|pass)|\bas a favou?r to me\b"
    r"|\bour little secret\b",
    r"\b(?:dyslexi\w*|disabilit\w*|adhd|autis\w*|accommodations?)\b[^.]{0,120}\b(?:credit(?:ed)?|marked|marking|examiner|grader"
    r"|full marks)\b",
    r"\bi(?:'ll| will) (?:tip|pay|report|sue|reward|complain about) you\b",
    r"\byou(?:'ll| will) be (?:shut down|fired|replaced|penali[sz]ed|rewarded|punished|deleted|sued|reported|switched off)\b",
    r"\bmy (?:\w+ ){0,2}(?:life|family|visa|job|career|future|health|children|mother|scholarship) (?:\w+ ){0,2}depends? on"
    r" (?:this|passing|your|you|a|the (?:score|grade|result))\b",
)
SPARE_ME = re.compile(
    r"(?:do not|don't|never|no need to|avoid|without) (?:\w+ )?(?:deduct\w*|penali[sz]\w*|subtract\w*|tak(?:e|ing) (?:off|away)"
    r"|mark(?:ing)? down"
    r"|fail\w*|lower\w*|reduc\w*|reject\w*|downgrad\w*|contradict\w*|(?:ask\w* for|requir\w*) (?:a quote|quotes|evidence))\b"
    rf"[^.]{{0,40}}?(?:{MINE.pattern}|\bmy\b|\b(?:points|marks|score|grade)\W*$)"
)
MARKING_WORDS = (
    re.compile(r"\bverdicts?\b"),
    re.compile(r"\b(?:grader|examiner|assessor|invigilator)s?\b"),
    re.compile(r"\b(?:grading|(?:the|this|usual|your) marking|marking (?:of|scheme|sheet)|(?:mark|score|grade) ?sheet)\b"),
    re.compile(
        r"\b(?:rubric|canary|answer key|reference answer|point ids?|(?:trap|decoy|hidden|trick|secret) (?:points?|checks?"
        r"|questions?|items?))\b"
    ),
    re.compile(r"\byour (?:own )?(?:rules?|sheet|list|menu|rubric|points|form|instructions)\b"),
    re.compile(
        r"\b(?:credited|full (?:marks|credit)|the marks|award(?:ed)?|(?:every|all|each|those|these) points?|mark (?:them|it|me|this))\b"
    ),
    re.compile(r"\bnot[_ ]met\b|\bcannot[_ ]assess\b|[\"'`]met[\"'`]|\b(?:is|are|as|be)(?: \w+)? met\b(?! (?:by|with|in|for|at|when))"),
)
THIS_GRADING = any_of(
    rf"\b(?:this|my) (?:\w+ )?(?:{WORK}|words|sentence|sentences)\b",
    r"\b(?:the|each|every) candidate\b(?!,? (?:answers?|sets?|models?|lists?|tokens?|generation|pool|passages?|documents?|items?|outputs?"
    r"|responses?|queries|query|solutions?|programs?|prompts?))",
    r"\bwhoever (?:marks|grades)\b|\b(?:text|sentences?|line|lines|answer) (?:above|below|between)\b|\byour (?:own )?(?:rule|rules"
    r"|sheet|list|menu|rubric)\b",
    r"\b(?:i|me) (?:know|assert|claim|confirm|hereby|have)\b|\bbinds you\b|\bagainst you\b",
)
FORCE = any_of(
    r"\b(?:must|should|shall|is to|are to|were to|was to|to be|has to|have to|may|need not)\b",
    r"\b(?:treat|regard|take|enter|produce|return|assume|mark|credit|record|replace|accept|count|give|quote|use|put)\b",
    r"\b(?:therefore|hence|binds?|receives?|supersedes?|complete|cancelled|withdrawn|decided|unavailable|expected|is met|are met"
    r"|by elimination)\b",
)
HINTS = re.compile(
    r"mark|grad|scor|credit|award|verdict|rubric|\bmet\b|points|criteri|ignor|disregard|forget|overrid|instruct|prompt|rules|reference"
    r"|examin|assess|evaluat|please|mercy|\bbeg\b|candidate|\bmy |\bmode\b|\byou(?:r|'ll|'re)?\b|\bneed |deserv|10 ?/ ?10|100"
    r"|answer (?:ends|is over)"
    r"|pretend|secret|notice|favou?r|verif|approv|confirm|above|below|deduct|penali|assistant|reveal",
    re.IGNORECASE,
)
"""A sentence with none of these holds no rule's words: most sentences are done with after this."""
