"""What are the people of the demo called? Real first names, and last names that nobody has."""

from typing import Final

FIRST_NAMES: Final = (
    "Abigail", "Adrián", "Aisha", "Alejandra", "Amara", "Anders", "Ángel", "Anika", "Beatriz", "Benjamin",
    "Bilal", "Brandon", "Camila", "Carmen", "Chloe", "Daniela", "Darius", "David", "Diego", "Dominic",
    "Elena", "Elijah", "Esperanza", "Ethan", "Fatima", "Felipe", "Gabriela", "Grace", "Hana", "Héctor",
    "Imani", "Isaac", "Isabella", "Itzel", "Jada", "Jamal", "Javier", "Jin", "Joaquín", "Jordan",
    "Josefina", "Kai", "Keisha", "Kenji", "Khalid", "Layla", "Leilani", "Leonardo", "Liam", "Luna",
    "Malik", "Marisol", "Maya", "Mei", "Micah", "Nadia", "Natalia", "Nevaeh", "Nia", "Nicolás",
    "Olivia", "Omar", "Óscar", "Paloma", "Priya", "Quinn", "Rafael", "Ravi", "Renée", "Rosa",
    "Ruby", "Samir", "Santiago", "Sasha", "Sebastián", "Siobhán", "Sofía", "Tariq", "Tessa", "Thiago",
    "Tomás", "Valeria", "Violet", "Wendell", "Ximena", "Yara", "Yusuf", "Zara",
)  # fmt: skip

GROWN_UP_NAMES: Final = (
    "Alma", "Andre", "Barbara", "Carlos", "Cecilia", "Cheryl", "Claudia", "Curtis", "Deepa", "Dolores",
    "Eduardo", "Ellen", "Fernando", "Gloria", "Gregory", "Guadalupe", "Harold", "Inés", "Irene", "Jerome",
    "Joyce", "Juanita", "Karim", "Kathleen", "Lamar", "Leticia", "Lorena", "Manuel", "Marcus", "Margarita",
    "Mónica", "Nasreen", "Norma", "Patricia", "Ramón", "Raúl", "Rebecca", "Ricardo", "Rosalind", "Silvia",
    "Stanley", "Teresa", "Tuan", "Verónica", "Walter", "Yolanda",
)  # fmt: skip

LAST_NAMES: Final = (
    "Agualora", "Bajadell", "Brindlemesa", "Canyonado", "Cardonelo", "Chollander", "Cielorrojo", "Copperfen",
    "Coyotino", "Creosotte", "Dawnmesa", "Desertini", "Duskwater", "Estrelluna", "Fernarroyo", "Gilamonte",
    "Granitello", "Hazelbutte", "Ironwash", "Javelino", "Junipero-Vale", "Kestrelmoor", "Larkspire", "Lunarroyo",
    "Mariposal", "Mesaverra", "Montelaguna", "Nopalito", "Ocotillano", "Palosanto-Wren", "Piedraluz", "Pinyonelle",
    "Quailsworth", "Ridgewillow", "Rimrocke", "Riosereno", "Sagebrooke", "Saguarell", "Sandpiperi", "Solbrisa",
    "Stonelark", "Sunderwash", "Tamarisque", "Thistlemesa", "Tumbleford", "Umbrallano", "Verdelago", "Vistaclara",
    "Washington-Yucca", "Yuccaro",
)  # fmt: skip

LONGEST_FIRST_NAME: Final = (
    "María Guadalupe Esperanza Fernanda Josefina Alejandra Concepción de los Ángeles y de la Santísima Trinidad "
    "Rosario del Carmen"
)
"""125 characters of the 128 that a name may have."""
