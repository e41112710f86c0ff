#include "catalogue.hpp"

#include <array>
#include <span>
#include <unordered_set>

namespace portico::demo {
namespace {

constexpr std::int64_t usual_rate = 2100;
constexpr std::int64_t reduced_rate = 1000;
constexpr std::int64_t lowest_rate = 400;

/// A kind of article; prices with tax, in whole euros.
struct Kind {
  std::string_view noun;
  std::string_view category;
  std::int64_t from;
  std::int64_t to;
  std::int64_t tax_rate = usual_rate;
};

/// What a trade's articles are put together from: noun, maker, variant; and what is said about them.
struct TradeTables {
  std::span<const Kind> kinds;
  std::span<const std::string_view> makers;
  std::span<const std::string_view> variants;
  std::span<const std::string_view> praises;
  std::span<const std::string_view> promises;
};

constexpr Kind electronics[] = {{"Portátil", "Informática", 449, 2199},
                                {"Monitor 27\"", "Informática", 149, 699},
                                {"Teclado mecánico", "Informática", 39, 189},
                                {"Ratón inalámbrico", "Informática", 15, 99},
                                {"Disco SSD 1 TB", "Informática", 59, 149},
                                {"Impresora láser", "Informática", 119, 449},
                                {"Móvil", "Telefonía", 129, 1299},
                                {"Funda para móvil", "Telefonía", 9, 39},
                                {"Cargador rápido", "Telefonía", 14, 59},
                                {"Auriculares", "Sonido", 19, 379},
                                {"Altavoz portátil", "Sonido", 29, 299},
                                {"Barra de sonido", "Sonido", 99, 799},
                                {"Televisor 55\"", "Imagen", 379, 1999},
                                {"Cámara sin espejo", "Imagen", 599, 2799},
                                {"Objetivo 50 mm", "Imagen", 119, 999},
                                {"Videoconsola", "Juegos", 249, 549},
                                {"Mando inalámbrico", "Juegos", 39, 79},
                                {"Reloj inteligente", "Relojes", 79, 499},
                                {"Lavadora 8 kg", "Electrodomésticos", 299, 899},
                                {"Frigorífico combi", "Electrodomésticos", 399, 1499},
                                {"Cafetera exprés", "Electrodomésticos", 89, 699},
                                {"Batidora de vaso", "Electrodomésticos", 34, 149},
                                {"Robot aspirador", "Electrodomésticos", 179, 899},
                                {"Patinete eléctrico", "Movilidad", 249, 799}};
constexpr std::string_view electronics_makers[] = {
    "Ñandú",    "Øresund", "Brújula",    "Łódka",   "Straßberg", "Çelik", "Nébula", "Kōan",
    "Peñascal", "Übermut", "Tres Mares", "Vértice", "Aurōra",    "Íbice", "Cóndor", "Solé & Fills"};
constexpr std::string_view electronics_variants[] = {
    "Pro",          "Mini",           "Plus", "Lite", "2ª edición", "negro",      "blanco",     "azul añil",
    "gris pizarra", "Edición España", "X200", "S5",   "GT-9",       "Max 128 GB", "Max 256 GB", "Eco"};
constexpr std::string_view electronics_praises[] = {"Rápido, silencioso y fácil de usar.",
                                                    "Diseñado en Logroño para durar muchos años.",
                                                    "Batería para todo el día y carga en 45 minutos.",
                                                    "Con certificación energética A y piezas de repuesto.",
                                                    "El más vendido de su categoría.",
                                                    "Compatible con todo lo que ya tienes en casa."};
constexpr std::string_view electronics_promises[] = {
    "Garantía de 3 años.", "Devolución gratuita durante 30 días.", "Incluye cable y manual en español.",
    "Envío en 24/48 h a península.", "Instalación opcional a domicilio."};

constexpr Kind furniture[] = {{"Sofá de tres plazas", "Salón", 349, 1899},
                              {"Sillón orejero", "Salón", 199, 699},
                              {"Mesa de centro", "Salón", 79, 399},
                              {"Estantería", "Salón", 59, 449},
                              {"Mesa de comedor", "Comedor", 199, 1299},
                              {"Silla", "Comedor", 39, 199},
                              {"Aparador", "Comedor", 249, 999},
                              {"Cama 150 × 190", "Dormitorio", 199, 999},
                              {"Colchón viscoelástico", "Dormitorio", 249, 1199},
                              {"Mesita de noche", "Dormitorio", 45, 189},
                              {"Armario de puertas correderas", "Dormitorio", 399, 1599},
                              {"Escritorio", "Despacho", 99, 599},
                              {"Silla ergonómica", "Despacho", 129, 699},
                              {"Lámpara de pie", "Iluminación", 49, 299},
                              {"Lámpara de techo", "Iluminación", 39, 349},
                              {"Alfombra de lana", "Textil", 69, 599},
                              {"Cortinas", "Textil", 25, 159},
                              {"Espejo", "Decoración", 29, 249},
                              {"Jarrón de cerámica", "Decoración", 15, 119},
                              {"Cuna", "Infantil", 129, 499}};
constexpr std::string_view furniture_makers[] = {"Ibáñez",  "Hällevik", "Sørland",   "Castaño", "Albariño",
                                                 "Gräf",    "Montseny", "Provença",  "Alcañiz", "Ría",
                                                 "Bardena", "Túria",    "Peñíscola", "Ordesa"};
constexpr std::string_view furniture_variants[] = {
    "en roble",       "en nogal",      "en pino macizo", "en castaño",          "blanco roto",
    "gris",           "verde botella", "terracota",      "con patas metálicas", "tapizado en lino",
    "estilo nórdico", "rústico",       "plegable",       "extensible"};
constexpr std::string_view furniture_praises[] = {
    "Madera de bosques gestionados con cariño.", "Hecho a mano en Yecla por ebanistas de tercera generación.",
    "Líneas sencillas que encajan en cualquier rincón.", "Tejido lavable y resistente a las uñas del gato.",
    "Se monta en diez minutos, sin herramientas."};
constexpr std::string_view furniture_promises[] = {"Entrega a domicilio con cita previa.",
                                                   "Retiramos el mueble viejo.", "Muestras de tela a petición.",
                                                   "10 años de garantía en la estructura."};

constexpr Kind bookshop[] = {{"Historia breve de", "Ensayo", 12, 34, lowest_rate},
                             {"Cuentos de", "Narrativa", 9, 22, lowest_rate},
                             {"La casa de", "Narrativa", 11, 24, lowest_rate},
                             {"Atlas ilustrado de", "Ilustrados", 24, 69, lowest_rate},
                             {"Cocina de", "Cocina", 14, 39, lowest_rate},
                             {"Guía de viaje:", "Viajes", 12, 29, lowest_rate},
                             {"Gramática de", "Idiomas", 15, 42, lowest_rate},
                             {"Poemas de", "Poesía", 8, 19, lowest_rate},
                             {"Cuaderno de notas", "Papelería", 4, 19},
                             {"Pluma estilográfica", "Papelería", 18, 149},
                             {"Calendario de", "Papelería", 7, 18},
                             {"Lámina de", "Papelería", 9, 45},
                             {"Té verde de", "Cafetería", 5, 14, reduced_rate},
                             {"Café de", "Cafetería", 6, 19, reduced_rate},
                             {"Chocolate artesano de", "Cafetería", 4, 12, reduced_rate}};
constexpr std::string_view bookshop_makers[] = {
    "Peñalba",  "Castilla y León", "Doñana",         "los Pirineos", "Łódź",      "la Camarga", "São Miguel",
    "Córdoba",  "Åland",           "la Selva Negra", "Ávila",        "Menorca",   "el Priorat", "Cuenca",
    "A Mariña", "Bretaña",         "Zürich",         "Malmö",        "Çatalhöyük"};
constexpr std::string_view bookshop_variants[] = {
    "(tapa dura)", "(bolsillo)", "(edición bilingüe)", "(2ª edición)", "(edición de aniversario)",
    "(ilustrado)", "(con mapa)", "(para niños)"};
constexpr std::string_view bookshop_praises[] = {
    "Una pequeña joya que se lee en una tarde.", "Con prólogo de Begoña Núñez.",
    "Traducido por primera vez al español.", "Papel libre de ácido, cosido con hilo.",
    "Para quien ya lo tiene casi todo."};
constexpr std::string_view bookshop_promises[] = {
    "Se envuelve para regalo.", "Firmado por el autor hasta agotar existencias.", "Recógelo hoy en nuestra librería.",
    "Envío gratuito a partir de 30 €."};

const TradeTables& tables_of(Trade trade) {
  static const std::array<TradeTables, 3> tables = {{
      {electronics, electronics_makers, electronics_variants, electronics_praises, electronics_promises},
      {furniture, furniture_makers, furniture_variants, furniture_praises, furniture_promises},
      {bookshop, bookshop_makers, bookshop_variants, bookshop_praises, bookshop_promises},
  }};
  return tables[static_cast<std::size_t>(trade)];
}

/// A price with tax as shops write it, ending in 99, 95, 90 or 00; given back without the tax.
std::int64_t net_price(const Kind& kind, Random& random) {
  constexpr std::array<std::int64_t, 4> below_the_euro = {1, 5, 10, 0};
  constexpr std::array<unsigned, 4> weights = {50, 20, 20, 10};
  // The cheaper half of the range holds most of the articles.
  const double skewed = random.fraction() * random.fraction();
  const auto euros = kind.from + static_cast<std::int64_t>(skewed * static_cast<double>(kind.to - kind.from + 1));
  const std::int64_t gross = euros * 100 + 100 - below_the_euro[random.weighted(weights)];
  return (gross * 10'000 + (10'000 + kind.tax_rate) / 2) / (10'000 + kind.tax_rate);
}

std::string joined(std::string_view a, std::string_view b, std::string_view c) {
  return std::string(a).append(1, ' ').append(b).append(1, ' ').append(c);
}

void place_on_site(Article& article, const CatalogueOrder& order) {
  article.url = std::string(order.site) + "/articulos/" + article.mid;
  article.image_url = std::string(order.site) + "/imagenes/" + article.mid + ".jpg";
}

}  // namespace

std::vector<Article> make_catalogue(const CatalogueOrder& order, Random& random) {
  constexpr base::Microseconds day = 86'400'000'000;
  const TradeTables& tables = tables_of(order.trade);
  std::vector<Article> articles;
  std::unordered_set<std::string> names;
  while (articles.size() < order.size) {
    const Kind& kind = random.one_of(tables.kinds);
    Article article;
    article.name = joined(kind.noun, random.one_of(tables.makers), random.one_of(tables.variants));
    const bool first_of_electronics = articles.empty() && order.trade == Trade::Electronics;
    if (first_of_electronics) article.name = "AplaZame";
    if (!names.insert(article.name).second) continue;
    article.id = random.id();
    article.mid = std::string(order.mid_prefix) + std::to_string(10'000 + articles.size() * 7);
    article.description = article.name + ". " + std::string(random.one_of(tables.praises)) + " " +
                          std::string(random.one_of(tables.promises));
    article.category = kind.category;
    article.price = net_price(kind, random);
    article.tax_rate = kind.tax_rate;
    // All before the shop opens, so that no order holds an article older than its catalogue entry.
    article.created = order.opened - random.between(1, 30 * day);
    place_on_site(article, order);
    articles.push_back(std::move(article));
  }
  return articles;
}

}  // namespace portico::demo
