"""Phrases that hold no answer, in several languages: openings, and ways to say that one does not know."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """Lower-case words with one blank between them, and nothing else; what is inside "n/a" and "don't" stays."""
    spaced = re.sub(r"[^\w' /]+", " ", text.replace("\u2019", "'").lower())
    return " ".join(word for word in (part.strip("_/'") for part in spaced.split()) if word)


CLAUSE_END = re.compile(r"[.,;:!?\u2026\u3002\u3001\uff01\uff1f\uff0c\u2014\u061f\u060c\u0964\n]+")
DONT_KNOW = re.compile(
    r"i (?:really |honestly |just |simply )*(?:don'?t|do not) (?:really |actually )?(?:know|remember|recall)"
    r"(?: (?:the answer|this|that|it|this one|that one|anything about (?:this|that|it)))?"
    r"|i (?:can'?t|cannot|can not) (?:answer|remember|recall|say)(?: (?:this|that|it|this one|that one|(?:this|the|that) question))?"
    r"|i (?:have|'?ve got|got) (?:absolutely |really )?no (?:idea|clue|answer)(?: (?:about|for|what) (?:this|that|it)(?: is)?)?"
    r"|i (?:haven'?t|have not) (?:a clue|got a clue|an idea)"
    r"|(?:i have |i'?ve )?never (?:heard of|seen|used|learned|studied) (?:this|that|it)(?: before)?"
    r"|i (?:forgot|forget|pass|give up)(?: (?:this|that|it|on this one))?"
    r"|(?:i am |i'?m )?(?:not (?:really |at all )?(?:sure|certain)|unsure)(?: about (?:this|that|it))?"
    r"|(?:i )?dunno|idk|(?:absolutely )?no (?:idea|clue)|beats me|pass|skip|no answer|n/?a|none|nothing"
)
SAID_ELSEWHERE = (
    "ich weiß nicht, ich weiß es nicht, ich weiß das nicht, weiß nicht, weiß ich nicht, das weiß ich nicht, keine"
    " ahnung, ich habe keine ahnung,"
    " je ne sais pas, je sais pas, je ne le sais pas, aucune idée, je n'ai aucune idée, no sé, no lo sé, yo no sé, ni"
    " idea, no tengo ni idea,"
    " no tengo idea, non so, non lo so, non ne ho idea, nessuna idea, não sei, eu não sei, não faço ideia, ik weet het niet, weet ik niet,"
    " geen idee, nie wiem, nevím, jag vet inte, vet ikke, jeg vet ikke, det ved jeg ikke, en tiedä, nem tudom, nu știu,"
    " bilmiyorum, fikrim yok,"
    " tôi không biết, không biết, saya tidak tahu, tidak tahu, δεν ξέρω, не знаю, я не знаю, понятия не имею, не помню,"
    " я не помню, не знам,"
    " لا أعرف, لا أعلم, لا أدري, ليس لدي فكرة, אני לא יודע, אני לא יודעת, לא יודע, मुझे नहीं पता, पता नहीं, मैं नहीं जानता,"
    " 不知道, 我不知道, 不清楚, 我不清楚, 不会, 我不会, 不會, 我不會, 没有头绪,"
    " わかりません, 分かりません, 知りません, わからない, 分からない,"
    " 知らない, よくわかりません, よく分かりません, 모르겠습니다, 모르겠어요, 모릅니다, 몰라요, 모르겠네요, 잘 모르겠습니다, 잘 모르겠어요"
)
DONT_KNOW_ELSEWHERE = frozenset(plain(phrase) for phrase in SAID_ELSEWHERE.split(","))
SOFTENERS = frozenset(
    plain(
        "sorry hmm hm well honestly uh um er oh no okay ok so but but please thanks at all afraid i'm actually désolé désolée leider"
        " entschuldigung perdón scusa desculpe すみません 对不起 抱歉 죄송합니다 извините"
    ).split()
)
"""What surrounds "I don't know" without saying anything."""

OPENERS = frozenset(
    plain(
        "answer answers solution solutions explanation response reply reasoning thought thoughts thinking process analysis conclusion"
        " summary introduction overview step steps think explain correct yes ans sol okay ok sure certainly absolutely"
        " lösung loesung antwort erklärung ergebnis fazit gedankengang schritt denken ja réponse reponse explication raisonnement étape"
        " réfléchissons oui respuesta solución solucion explicación razonamiento paso pensemos sí risposta soluzione spiegazione"
        " ragionamento passo pensiamo resposta solução explicação raciocínio pensar sim antwoord oplossing uitleg odpowiedź rozwiązanie"
        " wyjaśnienie svar lösning løsning vastaus ratkaisu odpověď řešení válasz megoldás răspuns soluție cevap çözüm yanıt açıklama"
        " jawaban solusi penjelasan απάντηση λύση ответ решение объяснение рассуждение подумаем відповідь рішення الإجابة الجواب الحل"
        " الشرح إجابة جواب תשובה פתרון उत्तर समाधान हल जवाब व्याख्या 정답 정답은 답 답은 답변 답안 해설 풀이 해답 설명"
    ).split()
)
LINKS = frozenset(
    plain(
        "the my your this that it is are as for of to in at and now so here here's below following follows final full complete"
        " by let let's lets me us i i'll i'd we will would can must like about consider solve work through walk you go going give provide"
        " begin start problem question task good great hello hi alright please therefore thus hence die der das den dem meine lautet ist"
        " hier für wir voici la le les ma est c'est par donc aquí está el mi es a ecco il mia è dopo per o minha é vamos por het mijn"
        " đáp án lời giải итак давайте шаг за шагом мой вот هو هي 단계별로 생각해 봅시다"
    ).split()
)
UNSPACED_OPENERS = tuple(
    "让我们一步一步地思考 让我们一步一步思考 一步一步思考 逐步思考 我的答案 答案如下 答案是 答案 最终"
    " 回答如下 回答 解答 解析 解释 解釋 思考过程 思路"
    " 解 說明 说明 好的 かいせつ 解説 せつめい 説明 かいとう 答えは 答え こたえ"
    " ステップバイステップで考えましょう 段階的に考えましょう 最終的な はい"
    " 以下 です は".split()
)
"""Openers of scripts without blanks, longer ones first where one begins with another."""
