// Reflections, textures, a torus (a quartic) and an isosurface.
#version 3.7;
global_settings { assumed_gamma 1.0 max_trace_level 6 }
camera { location <0, 2, -5> look_at <0, 0.6, 0> }
light_source { <4, 6, -6> rgb 1 }
light_source { <-5, 3, -2> rgb <0.3, 0.3, 0.5> }
plane { y, 0 pigment { checker rgb 1, rgb <0.2, 0.3, 0.4> } finish { reflection 0.2 } }
sphere { <-1, 0.8, 0>, 0.8 pigment { marble color_map { [0 rgb 1] [1 rgb <0.8, 0.1, 0.1>] } } finish { phong 0.9 } }
torus { 0.8, 0.3 rotate 60*x translate <1.1, 0.9, 0> texture { pigment { wood scale 0.2 } normal { bumps 0.4 scale 0.1 } } }
isosurface { function { x*x + y*y*2 + z*z - 0.3 + 0.1*sin(10*x)*sin(9*y) } contained_by { box { -1, 1 } } max_gradient 6 translate <0, 0.7, -1.5> pigment { rgb <0.2, 0.8, 0.4> } finish { reflection 0.3 } }
