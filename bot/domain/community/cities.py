"""Large cities that have no time zone named after them, by the zone they keep."""

from __future__ import annotations

from typing import Final

_BY_ZONE: Final = {
    "Africa/Accra": "Kumasi",
    "Africa/Cairo": "Alexandria, Giza",
    "Africa/Casablanca": "Rabat, Marrakesh, Fez",
    "Africa/Addis_Ababa": "Dire Dawa",
    "Africa/Dar_es_Salaam": "Dodoma, Zanzibar",
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria",
    "Africa/Lagos": "Abuja, Kano, Ibadan",
    "Africa/Nairobi": "Mombasa",
    "America/Argentina/Buenos_Aires": "Rosario",
    "America/Bogota": "Medellin, Cali",
    "America/Caracas": "Maracaibo",
    "America/Chicago": "Houston, Dallas, Austin, San Antonio, Minneapolis, New Orleans, St Louis, Milwaukee, Nashville",
    "America/Denver": "Salt Lake City, Albuquerque, Colorado Springs",
    "America/Edmonton": "Calgary",
    "America/Guayaquil": "Quito",
    "America/Lima": "Arequipa",
    "America/Los_Angeles": (
        "San Francisco, San Diego, San Jose, Seattle, Portland, Las Vegas, Sacramento, Palo Alto, Oakland"
    ),
    "America/Mexico_City": "Guadalajara, Puebla",
    "America/New_York": (
        "Boston, Washington, Philadelphia, Atlanta, Miami, Pittsburgh, Baltimore, Cleveland, Charlotte, Orlando"
    ),
    "America/Phoenix": "Tucson, Scottsdale",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Belo Horizonte, Curitiba, Porto Alegre",
    "America/Toronto": "Ottawa, Montreal, Quebec",
    "America/Vancouver": "Victoria",
    "Asia/Bangkok": "Chiang Mai",
    "Asia/Colombo": "Kandy",
    "Asia/Dhaka": "Chittagong",
    "Asia/Dubai": "Abu Dhabi, Sharjah",
    "Asia/Ho_Chi_Minh": "Hanoi, Saigon, Da Nang",
    "Asia/Jakarta": "Bandung, Surabaya, Medan",
    "Asia/Jerusalem": "Tel Aviv, Haifa",
    "Asia/Karachi": "Lahore, Islamabad, Rawalpindi, Faisalabad",
    "Asia/Kathmandu": "Pokhara",
    "Asia/Kolkata": (
        "Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Madras, Hyderabad, Pune, "
        "Calcutta, Ahmedabad, Kochi"
    ),
    "Asia/Kuala_Lumpur": "Penang, Johor Bahru",
    "Asia/Manila": "Cebu, Quezon City, Davao",
    "Asia/Riyadh": "Jeddah, Mecca, Dammam",
    "Asia/Seoul": "Busan, Incheon, Daejeon",
    "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou, Hangzhou, Chengdu, Wuhan, Nanjing, Xian, Tianjin",
    "Asia/Taipei": "Kaohsiung, Hsinchu",
    "Asia/Tehran": "Isfahan, Mashhad, Shiraz, Tabriz",
    "Asia/Tokyo": "Osaka, Kyoto, Nagoya, Sapporo, Fukuoka, Yokohama",
    "Australia/Brisbane": "Gold Coast",
    "Australia/Sydney": "Canberra, Newcastle, Wollongong",
    "Europe/Amsterdam": "Rotterdam, The Hague, Utrecht, Eindhoven, Delft",
    "Europe/Athens": "Thessaloniki, Patras",
    "Europe/Belgrade": "Novi Sad, Nis",
    "Europe/Berlin": (
        "Munich, München, Hamburg, Cologne, Köln, Frankfurt, Stuttgart, Düsseldorf, Leipzig, Dresden, "
        "Hannover, Nuremberg, Karlsruhe, Tübingen, Heidelberg, Bonn, Bremen, Aachen"
    ),
    "Europe/Brussels": "Antwerp, Ghent, Leuven",
    "Europe/Bucharest": "Cluj, Iasi, Timisoara",
    "Europe/Budapest": "Debrecen, Szeged",
    "Europe/Copenhagen": "Aarhus, Odense",
    "Europe/Dublin": "Cork, Galway",
    "Europe/Helsinki": "Tampere, Espoo, Turku",
    "Europe/Istanbul": "Ankara, Izmir, Antalya, Bursa",
    "Europe/Kyiv": "Lviv, Kharkiv, Odesa, Dnipro",
    "Europe/Lisbon": "Porto, Braga, Coimbra",
    "Europe/London": (
        "Manchester, Birmingham, Edinburgh, Glasgow, Cambridge, Oxford, Leeds, Bristol, Liverpool, Cardiff, Belfast"
    ),
    "Europe/Madrid": "Barcelona, Valencia, Seville, Bilbao, Malaga",
    "Europe/Moscow": "Saint Petersburg, Kazan, Nizhny Novgorod",
    "Europe/Oslo": "Bergen, Trondheim",
    "Europe/Paris": "Lyon, Marseille, Toulouse, Nice, Grenoble, Nantes, Lille, Bordeaux",
    "Europe/Prague": "Brno, Ostrava",
    "Europe/Rome": "Milan, Naples, Turin, Bologna, Florence, Venice, Padua",
    "Europe/Sofia": "Plovdiv, Varna",
    "Europe/Stockholm": "Gothenburg, Malmö, Uppsala, Lund",
    "Europe/Vienna": "Wien, Graz, Linz, Salzburg, Innsbruck",
    "Europe/Warsaw": "Krakow, Wroclaw, Gdansk, Poznan, Lodz",
    "Europe/Zurich": "Geneva, Basel, Bern, Lausanne",
    "Pacific/Auckland": "Wellington, Christchurch",
}

CITIES: Final = {city.strip(): zone for zone, cities in _BY_ZONE.items() for city in cities.split(",")}
"""City to IANA zone."""
