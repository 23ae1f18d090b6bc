"""Made-up names and languages. No person is meant."""

FIRST_NAMES = (
    "Ada", "Aiden", "Alba", "Amara", "Andre", "Anouk", "Arlo", "Asha", "Basil", "Bela", "Bruno", "Caleb",
    "Camila", "Cleo", "Corin", "Dalia", "Dario", "Delia", "Edda", "Elio", "Emre", "Esme", "Farah", "Felix",
    "Flora", "Gael", "Gemma", "Hugo", "Ida", "Imani", "Ines", "Isak", "Jamal", "Jana", "Joaquin", "Juno",
    "Kaya", "Keon", "Lale", "Leif", "Lina", "Luca", "Maeve", "Malik", "Mateo", "Mira", "Nadia", "Nico",
    "Odette", "Omar", "Paz", "Petra", "Quinn", "Rafa", "Rosa", "Ruben", "Sami", "Selma", "Talia", "Theo",
    "Uma", "Vera", "Wren", "Yara", "Yusuf", "Zeno", "Zora",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Acosta", "Alder", "Baptiste", "Barros", "Bishop", "Brook", "Cabral", "Carver", "Castillo",
    "Chen", "Clarke", "Correia", "Cruz", "Dunn", "Espinal", "Farrow", "Field", "Fontaine", "Gale", "Gomes",
    "Greenway", "Hale", "Hollis", "Ibarra", "Iqbal", "Jensen", "Joseph", "Kowal", "Lane", "Lopes", "Marsh",
    "Medina", "Moreau", "Nair", "Nowak", "Okafor", "Ortega", "Patel", "Pereira", "Pierce", "Quiles", "Ramos",
    "Reyes", "Rivers", "Santos", "Sheffield", "Silva", "Stone", "Tavares", "Thorne", "Underhill", "Vega",
    "Walker", "Wells", "Winter", "Xu", "Yates", "Zamora", "Zielinski",
)  # fmt: skip
# With how many of a hundred English learners speak it at home.
LANGUAGES = {
    "Spanish": 72,
    "Portuguese": 8,
    "Haitian Creole": 5,
    "Arabic": 4,
    "Polish": 3,
    "Mandarin": 3,
    "Ukrainian": 3,
    "Urdu": 2,
}
