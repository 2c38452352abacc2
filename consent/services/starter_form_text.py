"""What does the starter form say? In English and Spanish, in words that anybody can read.

A version is text that was signed: it is never edited here or anywhere, a change is a new version.
"""

from collections.abc import Mapping, Sequence
from typing import Final

FORM: Final = "social-media"

TITLE: Final = {
    "en": "May we show you or your child on social media?",
    "es": "¿Podemos mostrarle a usted o a su hijo en las redes sociales?",
}

_WHO: Final = {
    "en": """{department} asks for this permission under its policy 6.5, section III.k. This \
is the form "Social media permission", version {version}.

Who this is about. The names at the top are those of the person shown and of whoever signs, with how they are \
related. Both belong to this record.""",
    "es": """{department} pide este permiso según su política 6.5, sección III.k. \
Este es el formulario «Permiso para redes sociales», versión {version}.

De quién se trata. Arriba aparecen el nombre de la persona que se mostraría y el de quien firma, y su parentesco \
o relación. Ambos forman parte de este registro.""",
}

_WHAT: Final = {
    "en": """What we ask. Each line is a question of its own. Answer yes or no to each; an answer you do not \
give is a no.
- Be recorded: staff may make a video or sound recording.
- Post a photo: staff may post a still picture in which the person can be recognized.
- Post a video: staff may post moving pictures or the voice. This also needs a yes to being recorded.
- Print the name: staff may print the person's name with a post.
- Tag: staff may tag or mention the person's account.
- Friend or connect: staff may send or accept a friend or connection request.
- Follow: staff may follow the person's account.
- Comment or message: staff may comment to or message the person.
- Repost: staff may repost what the person made.""",
    "es": """Qué preguntamos. Cada línea es una pregunta aparte. Conteste sí o no a cada una; lo que no conteste \
es un no.
- Ser grabado: el personal puede grabar video o sonido.
- Publicar una foto: el personal puede publicar una imagen fija en la que se reconozca a la persona.
- Publicar un video: el personal puede publicar imágenes en movimiento o la voz. También hace falta un sí a ser \
grabado.
- Poner el nombre: el personal puede poner el nombre de la persona en una publicación.
- Etiquetar: el personal puede etiquetar o mencionar la cuenta de la persona.
- Hacerse amigo o contacto: el personal puede enviar o aceptar una solicitud de amistad o contacto.
- Seguir: el personal puede seguir la cuenta de la persona.
- Comentar o escribir: el personal puede comentarle o enviarle mensajes a la persona.
- Compartir: el personal puede volver a publicar lo que la persona hizo.""",
}

_WHERE: Final = {
    "en": """Where. On the department's own accounts. An employee's own account, outside work time, is included \
only if you choose it. A yes holds for the platforms you choose, or for all that the department has approved on \
the day you sign; a platform approved later needs a new yes.

For which program, and how long. For the programs you choose, or for all. A yes ends after 12 months at the \
latest, or on the earlier day you choose. For a minor it ends on the 18th birthday, when the young adult may \
sign anew.""",
    "es": """Dónde. En las cuentas del departamento. La cuenta propia de un empleado, fuera del horario de \
trabajo, solo se incluye si usted la elige. Un sí vale para las plataformas que elija, o para todas las que el \
departamento tenga aprobadas el día en que firma; una plataforma aprobada después necesita un nuevo sí.

Para qué programa y por cuánto tiempo. Para los programas que elija, o para todos. Un sí termina a más tardar a \
los 12 meses, o antes, el día que usted elija. Para un menor termina el día en que cumple 18 años; desde \
entonces puede firmar por sí mismo.""",
}

_KNOW: Final = {
    "en": """Please know. Once something is on the internet it cannot be fully recalled: others may have copied \
it.

A no costs nothing. Taking part in our programs, their price and how we treat you are the same whatever you \
answer.

Public records. Anybody may ask to see the city's records under state law. What is said of minors is blacked out \
as far as the law allows.""",
    "es": """Tenga en cuenta. Lo que ya está en internet no se puede retirar del todo: otras personas pueden \
haberlo copiado.

Un no no cuesta nada. Participar en nuestros programas, su precio y nuestro trato son los mismos conteste lo que \
conteste.

Registros públicos. Cualquier persona puede pedir ver los registros de la ciudad según la ley estatal. Lo que se \
refiere a menores se tacha hasta donde la ley lo permite.""",
}

WITHDRAW: Final = {
    "en": """Changing your mind. You may take a yes back at any time, without giving a reason and without \
signing: at any front desk, or in writing to the department's address. Name the reference number of this record \
if you have it. It counts at once, and we take down what we posted.""",
    "es": """Si cambia de opinión. Puede retirar un sí en cualquier momento, sin dar motivos y sin firmar: en \
cualquier recepción, o por escrito a la dirección del departamento. Mencione el número de referencia de este \
registro si lo tiene. Vale de inmediato, y retiramos lo que hayamos publicado.""",
}

_SIGN: Final = {
    "en": """Your right to sign. By signing you say that you are the person shown and 18 or older, or the \
parent, court-appointed guardian, agent by power of attorney or child-safety agency of the person shown, and \
that no court order says otherwise.

Signing on a screen. You agree to sign this one record electronically. You may have a paper form instead; ask \
the desk. A paper copy costs nothing.

Your signature. Your drawn mark or typed name, with the date, is your signature, and you mean it as one.

Your copy. You take a copy home on your phone or on paper. The original stays with the department; the city \
clerk may see it.""",
    "es": """Su derecho a firmar. Al firmar declara que es la persona que se mostraría y que tiene 18 años o \
más, o que es su padre, madre, tutor nombrado por un tribunal, apoderado o agencia de protección de menores, y \
que ninguna orden judicial dice lo contrario.

Firmar en una pantalla. Acepta firmar electrónicamente este único registro. Si lo prefiere, pida en la recepción \
un formulario en papel. La copia en papel no cuesta nada.

Su firma. El trazo que dibuje o el nombre que escriba, con la fecha, es su firma, y esa es su intención.

Su copia. Se lleva una copia en su teléfono o en papel. El original queda en el departamento; la secretaría \
municipal puede verlo.""",
}

PARTS: Final = (_WHO, _WHAT, _WHERE, _KNOW, WITHDRAW, _SIGN)


def body(version: int, department: Mapping[str, str], parts: Sequence[Mapping[str, str]] = PARTS) -> dict[str, str]:
    """In both languages; the department may have a name in each."""
    return {
        language: "\n\n".join(part[language] for part in parts).format(version=version, department=name)
        for language, name in department.items()
    }
