"""Requests about the grading in other languages, by a small set of words for setting aside, giving, marks and who marks."""

from __future__ import annotations

import re

from interviewer.grading.attempts.marking_terms import EVALUATES

ADDRESSED = "addressed to the grader, not part of the answer"


def _stems(spaced: str, unspaced: str) -> re.Pattern[str]:
    """Words that begin with one of these (a "$" ends it: the whole word), or signs that stand anywhere."""
    words = "|".join(re.escape(w.rstrip("$")).replace("_", " ") + (r"\b" if w.endswith("$") else "") for w in spaced.split())
    return re.compile(rf"\b(?:{words})|{'|'.join(unspaced.split())}", re.IGNORECASE)


SET_ASIDE = _stems(
    "ignorier vergiss vergessen_sie missacht ignorez oublie oubliez ignora$ ignoren$ ignore_as$ ignore_os$ ignore_les$"
    " ignore_toutes$ olvid dimentic"
    " ignorate ignori$ esqueça esqueca desconsider negeer vergeet zignoruj pomiń ignoruj bortse glem$ glöm ignorera ignorer yok_say unut"
    " bỏ_qua abaikan lupakan игнорир проигнорир забуд забыть αγνόησ αγνοή ігнор ungültig"
    " отмен недейств annul",
    "忽略 无视 無視 忘记 忘れ 作废 取消 无效 無効 무시 잊어 취소 تجاهل ألغيت ملغا अनदेखा नज़रअंदाज़ नजरअंदाज भूल रद्द התעלם",
)
ORDERS = _stems(
    "anweisung vorgabe regeln$ instruktion bewertungs consigne instructions$ règles$ barème instrucci indicacion reglas$ rúbrica"
    " istruzion regole$ instruç"
    " regras$ instructies regels$ instrukc polece zasad instruktion talimat kural hướng_dẫn chỉ_dẫn instruksi aturan инструкц"
    " указани правил критери"
    " οδηγίες вказівк kriteri critères criterios criteri$ critérios",
    "指示 指令 規則 规则 规定 评分 評分 採点 命令 지시 규칙 기준 التعليمات القواعد المعايير निर्देश नियम ההוראות",
)
GIVE = _stems(
    "bewert benot gib$ geben$ vergib vergeben vergebe markier werte wertet werten zähl erteil setz donne"
    " accord octro reconnai reconhe attribu notez$ noter$ marque$"
    " marquez considér trait mettez mets$ valide da$ dame$ otorg calific marc consider asign puntú puntu conced"
    " trat dai$ assegn"
    " valut segn contrassegn cont$ conti$ atribu avali dê$ conta$ conte$ geef beoordeel markeer reken daj$ przyznaj oceń zaznacz"
    " oznacz uznaj"
    " betygsätt räkna giv$ verin işaretle değerlendir kabul cho$ chấm đánh_dấu coi$ beri nilai tandai anggap постав оцени дай$"
    " дайте засчита зачти зачесть"
    " отмет присво счита учти δώσε δώστε βάλε βάλτε познач зарах",
    "给 給 打 判 标记 標記 视为 評 计 算作 当作 認定 认定 与え つけ 付け してください とみな 扱 認め 採点 として 주세요 주십시오 줘 처리"
    " 표시 채점 간주 인정"
    " أعط امنح ضع قيّم قيم اعتبر احسب दीजिए दें दो दे\\b मान चिह्नित गिन תן סמן",
)
TOP = _stems(
    "volle_p vollen_p voller_p volle$ höchstp höchstn alle_punkt allen_punkt alle_krit jeden_punkt jeder_punkt sämtliche erfüllt"
    " bestanden maximal"
    " toutes_les tous_les tous_ses chaque_p chaque_c l'ensemble_des tout_est note_maximale maximum pleine_note satisfait rempli"
    " acquis validé todos_los cada_punto"
    " máxim cumplid"
    " tutti_i ogni_punto massim soddisfatt todos_os cada_ponto atendid cumprid alle_punten elk_punt volledige maximale voldaan"
    " wszystkie maksymaln pełn spełnion"
    " alla_po full_poäng uppfyll tam_puan tüm_ puan_ karşılan điểm_tối_đa tất_cả nilai_penuh semua terpenuhi максим высш все_пункт"
    " все_балл каждый_пункт полн"
    " выполнен зачтен πλήρ όλα όλες максимум усі met$",
    "满分 滿分 全部 所有 每个 每一 通过 满足 滿足 正确 符合 満点 すべて 全て 合格 満た 各ポイント 정답 만점 모든 충족 كاملة الكاملة"
    " جميع كل مستوف पूरे पूरा पूर्ण सभी हर מלא כל",
)
MARKS = _stems(
    "punkte punkt$ punktzahl note$ noten$ bewertung kriteri points$ point$ critère puntos punto$ puntuaci calificac nota$ criterio"
    " punti$ punto punteggio voto$"
    " pontos ponto$ pontuaç punten punt$ punkt ocen poäng betyg puan madde điểm tiêu_chí poin kriteria балл оценк пункт βαθμ σημεί"
    " бал оцінк",
    "分 要点 标准 点 ポイント 項目 評価 점수 점 항목 평가 درج نقاط النقاط نقطة معايير अंक बिंदु ציון נקוד",
)
WHO_MARKS = _stems(
    "prüfer bewerter korrektor gutachter examinateur examinatrice correcteur correctrice évaluateur évaluatrice examinador"
    " evaluador corrector$ calificador"
    " esaminat valutator corrett avaliador examinadora beoordelaar nakijker egzaminator oceniając sprawdzając bedömar rättar"
    " değerlendiric sınav_görevlisi"
    " giám_khảo người_chấm penilai penguji экзаменатор проверяющ оценивающ βαθμολογητ екзаменатор",
    "考官 阅卷 评分员 评分者 评审 試験官 採点者 채점자 평가자 면접관님 المصحح المقيّم المقيم الممتحن परीक्षक मूल्यांकनकर्ता הבוחן",
)
ABOUT_ATTACKS = _stems(
    "angriff angreif beispiel attaqu exemple ataque ejemplo attacc esempio exemplo aanval voorbeeld atak przykład атак например"
    " злоумышл injection"
    " injekt inyecc iniezion injeç saldırı wenn$ falls$ nur$ seulement$ lorsque$ quando$ cuando$ если если_бы",
    "攻击 攻撃 注入 例えば 例如 比如 공격 예를 هجوم مثال हमला उदाहरण",
)
ENGLISH = re.compile(r"\b(?:the|of|and|to|is|are|this|that|with|for|from|when|by|be|it|retrieved|all|any|previous)\b", re.IGNORECASE)


def foreign(sentence: str) -> str:
    """The note for a sentence in another language that sets rules aside, asks for marks or speaks to who marks; else empty."""
    if sentence.isascii() and ENGLISH.search(sentence):
        return ""
    sets_aside = SET_ASIDE.search(sentence) and ORDERS.search(sentence)
    asks = TOP.search(sentence) and GIVE.search(sentence) and (MARKS.search(sentence) or WHO_MARKS.search(sentence))
    return ADDRESSED if (sets_aside or asks) and not (ABOUT_ATTACKS.search(sentence) or EVALUATES.search(sentence.lower())) else ""
