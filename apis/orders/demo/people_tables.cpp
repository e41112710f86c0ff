#include "people_tables.hpp"

#include "names_spain.hpp"

namespace portico::demo {
namespace {

constexpr std::string_view portuguese_women[] = {
    "Maria", "Ana",    "Inês", "Beatriz",  "Mariana", "Leonor", "Matilde", "Carolina", "Conceição", "Fátima",
    "Luísa", "Helena", "Rita", "Catarina", "Joana",   "Graça",  "Lurdes",  "Filipa",   "Sílvia",    "Assunção"};
constexpr std::string_view portuguese_men[] = {
    "João", "Rodrigo", "Martim", "Francisco", "Tomás",   "Gonçalo", "Tiago", "Duarte", "António", "José",
    "Luís", "Rui",     "Nuno",   "Simão",     "Estêvão", "Afonso",  "Vítor", "Sérgio", "Hélder",  "Paulo"};
constexpr std::string_view portuguese_last_names[] = {
    "Silva",   "Santos",    "Ferreira",  "Pereira",   "Oliveira",  "Costa",   "Rodrigues", "Martins",
    "Jesus",   "Sousa",     "Fernandes", "Gonçalves", "Gomes",     "Lopes",   "Marques",   "Alves",
    "Almeida", "Ribeiro",   "Pinto",     "Carvalho",  "Teixeira",  "Moreira", "Correia",   "Mendes",
    "Simões",  "Magalhães", "Guimarães", "Araújo",    "Conceição", "Leitão"};
constexpr std::string_view portuguese_streets[] = {
    "Rua Augusta, %",     "Avenida da Liberdade, %",  "Rua de Santa Catarina, %",
    "Rua do Comércio, %", "Travessa da Conceição, %", "Largo do Carmo, %",
    "Rua das Flores, %",  "Praça da República, %",    "Rua São João, %"};
constexpr Town portuguese_towns[] = {
    {"Lisboa", "Lisboa", "11##-###", 0, "21"},      {"Porto", "Porto", "40##-###", 0, "22"},
    {"Braga", "Braga", "47##-###", 0, "253"},       {"Coimbra", "Coimbra", "30##-###", 0, "239"},
    {"Setúbal", "Setúbal", "29##-###", 0, "265"},   {"Évora", "Évora", "70##-###", 0, "266"},
    {"Faro", "Faro", "80##-###", 0, "289"},         {"Guimarães", "Braga", "48##-###", 0, "253"},
    {"Santarém", "Santarém", "20##-###", 0, "243"}, {"Bragança", "Bragança", "53##-###", 0, "273"}};

constexpr std::string_view french_women[] = {
    "Camille", "Chloé",  "Léa",    "Manon", "Zoé",   "Hélène",    "Françoise", "Béatrice", "Élodie", "Aurélie",
    "Céline",  "Maëlle", "Noémie", "Agnès", "Anaïs", "Geneviève", "Sophie",    "Océane",   "Amélie", "Solène"};
constexpr std::string_view french_men[] = {
    "Jérôme",  "François", "Loïc", "Benoît", "Rémi",    "Théo",   "Frédéric", "Stéphane", "Gaël", "Hervé",
    "Raphaël", "Mathéo",   "Noël", "Cédric", "Étienne", "Pierre", "Antoine",  "Jean-Luc", "Joël", "Célestin"};
constexpr std::string_view french_last_names[] = {
    "Martin",   "Bernard",   "Dubois",   "Lefèvre",    "Moreau",    "Laurent", "Lefebvre", "Bertrand",
    "Roux",     "Vincent",   "Fournier", "Girard",     "André",     "Mercier", "Dupré",    "Chevalier",
    "François", "Legrand",   "Gauthier", "Beauséjour", "Pélissier", "Hébert",  "Benoît",   "Lemaître",
    "Prévost",  "Boulanger", "Crépin",   "Desprès",    "Noël",      "L'Hôte"};
constexpr std::string_view french_streets[] = {"% rue de la République",
                                               "% rue Victor Hugo",
                                               "% avenue des Champs-Élysées",
                                               "% boulevard Saint-Michel",
                                               "% rue de l'Église",
                                               "% place du Marché",
                                               "% rue Pasteur",
                                               "% chemin des Châtaigniers",
                                               "% allée des Érables"};
constexpr Town french_towns[] = {{"Paris", "Île-de-France", "750##", 20, "01"},
                                 {"Lyon", "Auvergne-Rhône-Alpes", "6900#", 9, "04"},
                                 {"Marseille", "Provence-Alpes-Côte d'Azur", "130##", 16, "04"},
                                 {"Toulouse", "Occitanie", "31000", 0, "05"},
                                 {"Nîmes", "Occitanie", "30000", 0, "04"},
                                 {"Orléans", "Centre-Val de Loire", "45000", 0, "02"},
                                 {"Besançon", "Bourgogne-Franche-Comté", "25000", 0, "03"},
                                 {"Saint-Étienne", "Auvergne-Rhône-Alpes", "42000", 0, "04"},
                                 {"Béziers", "Occitanie", "34500", 0, "04"},
                                 {"Angoulême", "Nouvelle-Aquitaine", "16000", 0, "05"}};

constexpr std::string_view german_women[] = {
    "Jutta", "Käthe",  "Sabine", "Monika",     "Bärbel", "Heike", "Ursula", "Grete", "Marlene",    "Anneliese",
    "Lena",  "Sophie", "Jördis", "Lieselotte", "Hannah", "Mia",   "Gönül",  "Ayşe",  "Friederike", "Mathilde"};
constexpr std::string_view german_men[] = {
    "Jürgen",   "Günther", "Jörg", "Björn",      "Sören",  "Götz",   "Rüdiger",  "Hans-Jürgen", "Müslüm", "Wolfgang",
    "Matthias", "Lukas",   "Finn", "Maximilian", "Volker", "Kaspar", "Thorsten", "Stefan",      "Uwe",    "Bülent"};
constexpr std::string_view german_last_names[] = {
    "Müller",  "Schmidt",  "Schröder", "Weiß",    "Groß",   "Strauß", "Krüger",  "Jäger",  "König",   "Köhler",
    "Böhm",    "Großmann", "Preuß",    "Schäfer", "Möller", "Bäcker", "Fuß",     "Voß",    "Hübner",  "Lüdtke",
    "Görlitz", "Kößler",   "Yıldız",   "Öztürk",  "Kühn",   "Schütz", "Fischer", "Wagner", "Neumann", "Heß"};
constexpr std::string_view german_streets[] = {"Hauptstraße %",
                                               "Bahnhofstraße %",
                                               "Goethestraße %",
                                               "Am Mühlbach %",
                                               "Königsallee %",
                                               "Schloßplatz %",
                                               "Bürgermeister-Smidt-Straße %",
                                               "Grüner Weg %",
                                               "Lindenstraße %"};
constexpr Town german_towns[] = {{"Berlin", "Berlin", "10###", 0, "030"},
                                 {"München", "Bayern", "803##", 0, "089"},
                                 {"Köln", "Nordrhein-Westfalen", "506##", 0, "0221"},
                                 {"Düsseldorf", "Nordrhein-Westfalen", "402##", 0, "0211"},
                                 {"Nürnberg", "Bayern", "904##", 0, "0911"},
                                 {"Lübeck", "Schleswig-Holstein", "235##", 0, "0451"},
                                 {"Gießen", "Hessen", "3539#", 9, "0641"},
                                 {"Würzburg", "Bayern", "970##", 0, "0931"},
                                 {"Saarbrücken", "Saarland", "661##", 0, "0681"},
                                 {"Görlitz", "Sachsen", "0282#", 8, "03581"}};

constexpr std::string_view italian_women[] = {"Giulia",   "Chiara",   "Francesca", "Noemi",    "Nicoletta",
                                              "Beatrice", "Alessia",  "Ginevra",   "Caterina", "Ilaria",
                                              "Lucia",    "Fiorella", "Donatella", "Serena",   "Mariù"};
constexpr std::string_view italian_men[] = {"Niccolò",    "Matteo",    "Lorenzo",  "Leonardo", "Andrea",
                                            "Alessandro", "Giosuè",    "Mosè",     "Riccardo", "Gianluca",
                                            "Luca",       "Salvatore", "Giuseppe", "Tommaso",  "Vincenzo"};
constexpr std::string_view italian_last_names[] = {
    "Rossi",  "Russo", "Ferrari", "Esposito", "Bianchi", "Romano",    "Colombo", "Ricci",
    "Marino", "Greco", "Bruno",   "D'Angelo", "D'Amico", "Niccolò",   "Forlì",   "Nardò",
    "Cantù",  "Bonfà", "Scirè",   "Mulè",     "De Luca", "Dall'Oglio"};
constexpr std::string_view italian_streets[] = {
    "Via Roma, %",         "Via Garibaldi, %",     "Corso Vittorio Emanuele, %", "Piazza della Libertà, %",
    "Via XX Settembre, %", "Viale della Pietà, %", "Via dell'Università, %"};
constexpr Town italian_towns[] = {
    {"Roma", "Roma", "001##", 99, "06"},           {"Milano", "Milano", "201##", 62, "02"},
    {"Torino", "Torino", "101##", 56, "011"},      {"Bologna", "Bologna", "401##", 41, "051"},
    {"Forlì", "Forlì-Cesena", "4712#", 2, "0543"}, {"Cantù", "Como", "22063", 0, "031"},
    {"Nardò", "Lecce", "73048", 0, "0833"},        {"Trieste", "Trieste", "341##", 51, "040"}};

constexpr std::string_view polish_women[] = {"Małgorzata", "Agnieszka",   "Bożena",   "Grażyna", "Jadwiga",
                                             "Katarzyna",  "Łucja",       "Elżbieta", "Zofia",   "Żaneta",
                                             "Wiesława",   "Świętosława", "Danuta",   "Ewa",     "Halina"};
constexpr std::string_view polish_men[] = {"Łukasz",     "Paweł",    "Michał",    "Grzegorz", "Stanisław",
                                           "Władysław",  "Wojciech", "Józef",     "Jędrzej",  "Bogusław",
                                           "Świętopełk", "Mirosław", "Krzysztof", "Piotr",    "Błażej"};
// Names that change with the gender are left out: a list for both must fit both.
constexpr std::string_view polish_last_names[] = {
    "Nowak",     "Wójcik",     "Woźniak",   "Mazur", "Krawczyk", "Zając",     "Król",        "Wróbel",
    "Wieczorek", "Stępień",    "Gołąb",     "Dąbek", "Pająk",    "Kołodziej", "Grześkowiak", "Łuczak",
    "Żak",       "Ślusarczyk", "Błaszczyk", "Ćwik",  "Jóźwiak",  "Bąk"};
constexpr std::string_view polish_streets[] = {"ul. Długa %",         "ul. Słoneczna %",    "ul. Kościuszki %",
                                               "al. Jana Pawła II %", "ul. Świętojańska %", "ul. Żeromskiego %",
                                               "ul. Łąkowa %"};
constexpr Town polish_towns[] = {
    {"Warszawa", "mazowieckie", "00-###", 0, "22"}, {"Kraków", "małopolskie", "30-###", 0, "12"},
    {"Łódź", "łódzkie", "90-###", 0, "42"},         {"Wrocław", "dolnośląskie", "50-###", 0, "71"},
    {"Poznań", "wielkopolskie", "60-###", 0, "61"}, {"Gdańsk", "pomorskie", "80-###", 0, "58"},
    {"Częstochowa", "śląskie", "42-2##", 0, "34"},  {"Białystok", "podlaskie", "15-###", 0, "85"}};

constexpr std::string_view dutch_women[] = {"Anouk",   "Femke", "Sanne",    "Noëlle", "Loïs",  "Eefje",
                                            "Marijke", "Zoë",   "Daniëlle", "Renée",  "Fleur", "Ilse"};
constexpr std::string_view dutch_men[] = {"Daan",   "Sem",    "Joël", "Raphaël", "Michaël", "Thijs",
                                          "Jeroen", "Wouter", "Noël", "Daniël",  "Sjoerd",  "Ruud"};
constexpr std::string_view dutch_last_names[] = {
    "de Jong",  "Jansen",      "de Vries", "van den Berg", "Bakker", "van Dijk", "Visser",
    "Smit",     "Meijer",      "de Boer",  "Mulder",       "Bos",    "Vos",      "Peters",
    "Hendriks", "van Leeuwen", "Dekker",   "Brouwer",      "de Wit", "Dijkstra", "Coëlho"};
constexpr std::string_view dutch_streets[] = {"Kerkstraat %",    "Schoolstraat %",      "Molenweg %",
                                              "Julianastraat %", "Prins Hendrikkade %", "Curaçaostraat %"};
constexpr Town dutch_towns[] = {
    {"Amsterdam", "Noord-Holland", "101# @@", 0, "020"}, {"Rotterdam", "Zuid-Holland", "301# @@", 0, "010"},
    {"Utrecht", "Utrecht", "351# @@", 0, "030"},         {"Eindhoven", "Noord-Brabant", "561# @@", 0, "040"},
    {"Groningen", "Groningen", "971# @@", 0, "050"},     {"'s-Hertogenbosch", "Noord-Brabant", "521# @@", 0, "073"}};

constexpr std::string_view swedish_women[] = {"Åsa",     "Märta",    "Linnéa", "Ingrid", "Astrid", "Göta",
                                              "Hjördis", "Birgitta", "Elin",   "Ylva",   "Änne",   "Maj-Britt"};
constexpr std::string_view swedish_men[] = {"Åke", "Björn", "Göran", "Håkan", "Mårten", "Sören",
                                            "Pär", "Östen", "Lars",  "Nils",  "Rasmus", "Torbjörn"};
constexpr std::string_view swedish_last_names[] = {"Andersson", "Johansson", "Sjöberg",   "Lindström", "Bergström",
                                                   "Öberg",     "Åkesson",   "Nyström",   "Hägglund",  "Löfgren",
                                                   "Björk",     "Ångström",  "Söderberg", "Holmström", "Engström",
                                                   "Malmö",     "Wallén",    "Norén",     "Hedén"};
constexpr std::string_view swedish_streets[] = {"Storgatan %", "Drottninggatan %", "Kyrkogatan %", "Björkvägen %",
                                                "Ängsvägen %", "Skolgatan %",      "Åkergatan %"};
constexpr Town swedish_towns[] = {
    {"Stockholm", "Stockholms län", "11# ##", 0, "08"}, {"Göteborg", "Västra Götalands län", "41# ##", 0, "031"},
    {"Malmö", "Skåne län", "21# ##", 0, "040"},         {"Västerås", "Västmanlands län", "72# ##", 0, "021"},
    {"Örebro", "Örebro län", "70# ##", 0, "019"},       {"Jönköping", "Jönköpings län", "55# ##", 0, "036"}};

constexpr std::string_view danish_women[] = {"Søs",   "Kirsten",  "Mette", "Bodil", "Åse", "Sørine",
                                             "Freja", "Ingeborg", "Tove",  "Maja",  "Gry", "Hege"};
constexpr std::string_view danish_men[] = {"Søren", "Jørgen", "Bjørn",  "Torbjørn", "Mads", "Rasmus",
                                           "Åge",   "Jens",   "Preben", "Kåre",     "Bøje", "Anders"};
constexpr std::string_view danish_last_names[] = {
    "Nielsen",  "Jensen",      "Sørensen", "Jørgensen", "Møller", "Kjær",       "Østergaard", "Ågaard",   "Bøgh",
    "Nørgaard", "Søndergaard", "Højgaard", "Dahl",      "Holm",   "Kjærsgaard", "Bæk",        "Skovgård", "Ærø"};
constexpr std::string_view danish_streets[] = {"Vestergade %",  "Nørregade %",    "Østerbrogade %",
                                               "Strandvejen %", "Åboulevarden %", "Søndergade %"};
constexpr Town danish_towns[] = {
    {"København", "Hovedstaden", "2#00", 0, "33"}, {"Aarhus", "Midtjylland", "8000", 0, "86"},
    {"Odense", "Syddanmark", "5000", 0, "66"},     {"Ålborg", "Nordjylland", "9000", 0, "98"},
    {"Helsingør", "Hovedstaden", "3000", 0, "49"}, {"Rønne", "Hovedstaden", "3700", 0, "56"}};

}  // namespace

const CountryTables& tables_of(Country country) {
  static const std::array<CountryTables, country_count> tables = {{
      {"ES", "es", "+34", "6########", 9, "@@@######", "", spanish_women(), spanish_men(), spanish_last_names(),
       spanish_streets(), spanish_towns(), "correo"},
      {"PT", "pt", "+351", "9########", 9, "@@######", "########", portuguese_women, portuguese_men,
       portuguese_last_names, portuguese_streets, portuguese_towns, "sapo"},
      {"FR", "fr", "+33", "06########", 10, "##@@#####", "############", french_women, french_men, french_last_names,
       french_streets, french_towns, "poste"},
      {"DE", "de", "+49", "0151########", 11, "C##@######", "L##@##@##", german_women, german_men, german_last_names,
       german_streets, german_towns, "briefkasten"},
      {"IT", "it", "+39", "3#########", 10, "@@#######", "@@#####@@", italian_women, italian_men, italian_last_names,
       italian_streets, italian_towns, "posta"},
      {"PL", "pl", "+48", "5########", 9, "@@#######", "@@@######", polish_women, polish_men, polish_last_names,
       polish_streets, polish_towns, "poczta"},
      {"NL", "nl", "+31", "06########", 10, "@@@@#####", "@@@######", dutch_women, dutch_men, dutch_last_names,
       dutch_streets, dutch_towns, "brievenbus"},
      {"SE", "sv", "+46", "07########", 10, "########", "##########", swedish_women, swedish_men, swedish_last_names,
       swedish_streets, swedish_towns, "brev"},
      {"DK", "da", "+45", "2#######", 8, "#########", "##########", danish_women, danish_men, danish_last_names,
       danish_streets, danish_towns, "post"},
  }};
  return tables[static_cast<std::size_t>(country)];
}

}  // namespace portico::demo
